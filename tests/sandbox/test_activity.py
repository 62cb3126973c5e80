"""`flickr.activity.*`"""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import NOON, Library

ME = nsid(0)
HOUR = 3600


def photo_of(library: Library, person: int) -> str:
    """Return the id of a public photo of a person."""
    return str(
        library.store.value(
            "SELECT max(id) FROM photos WHERE owner = :owner AND ispublic", owner=nsid(person)
        )
    )


def items(library: Library, method: str, **arguments: Any) -> list[dict[str, Any]]:
    """Return the items of a listing of activity."""
    answer = library.call_signed(f"activity.{method}", per_page=50, **arguments)["items"]
    found: list[dict[str, Any]] = answer["item"]
    assert answer["total"] == len(found)
    return found


def test_activity_of_others_within_a_timeframe(own_library: Library) -> None:
    own_library.store.run("DELETE FROM comments")
    own_library.store.run("DELETE FROM favorites")
    photo = photo_of(own_library, 0)
    say = {"photo_id": photo, "comment_text": "Alt"}
    own_library.call_as(1, "photos.comments.addComment", **say)
    own_library.now = NOON + 5 * HOUR
    own_library.call_as(1, "favorites.add", photo_id=photo)
    own_library.call_as(2, "photos.comments.addComment", **say | {"comment_text": "Neu"})
    own_library.call_signed("photos.comments.addComment", **say | {"comment_text": "Von mir"})
    own_library.now += 60
    (item,) = items(own_library, "userPhotos", timeframe="2h")
    assert (item["type"], item["id"], item["owner"]) == ("photo", photo, ME)
    # All comments count, not only those of the timeframe.
    assert (item["comments"], item["notes"], item["faves"]) == ("3", "1", "1")
    assert (item["ownername"], item["media"]) == ("sandbox", "photo")
    comment = next(e for e in item["activity"]["event"] if e["type"] == "comment")
    assert comment["is_muted"] is False and comment["commentid"].isdecimal()
    assert [
        (event["type"], event["user"], event["_content"]) for event in item["activity"]["event"]
    ] == [("comment", nsid(2), "Neu"), ("fave", nsid(1), "")]
    assert items(own_library, "userPhotos", timeframe="0h") == []
    (whole,) = items(own_library, "userPhotos")
    assert [event["_content"] for event in whole["activity"]["event"]] == ["Alt", "Neu", ""]


def test_activity_includes_sets(own_library: Library) -> None:
    own_library.store.run("DELETE FROM comments")
    photoset = own_library.call_signed("photosets.getList")["photosets"]["photoset"][0]
    own_library.call_as(
        3, "photosets.comments.addComment", photoset_id=photoset["id"], comment_text="Schön"
    )
    (item,) = items(own_library, "userPhotos", timeframe="1d")
    assert (item["type"], item["id"]) == ("photoset", photoset["id"])
    assert (item["primary"], item["secret"]) == (photoset["primary"], photoset["secret"])
    assert item["activity"]["event"][0]["_content"] == "Schön"


def test_items_that_the_caller_commented_on(own_library: Library) -> None:
    own_library.store.run("DELETE FROM comments")
    first, second = photo_of(own_library, 1), photo_of(own_library, 2)
    for photo in (first, second):
        own_library.call_as(4, "photos.comments.addComment", photo_id=photo, comment_text="Hm")
    own_library.now += 60
    own_library.call_signed("photos.comments.addComment", photo_id=first, comment_text="Ja!")
    (item,) = items(own_library, "userComments")
    assert (item["id"], item["comments"]) == (first, "2")
    assert [event["_content"] for event in item["activity"]["event"]] == ["Hm", "Ja!"]
    own_library.store.run(
        "UPDATE photos SET ispublic = 0, isfriend = 0, isfamily = 0 WHERE id = :id", id=first
    )
    assert items(own_library, "userComments") == []


def test_pages_of_items(own_library: Library) -> None:
    own_library.store.run("DELETE FROM comments")
    for person in range(1, 5):
        own_library.now += 60
        photo = photo_of(own_library, person)
        own_library.call_signed("photos.comments.addComment", photo_id=photo, comment_text="Ja")
    whole = [item["id"] for item in items(own_library, "userComments")]
    assert whole == [photo_of(own_library, person) for person in range(4, 0, -1)]
    page = own_library.call_signed("activity.userComments", page=2, per_page=3)["items"]
    assert [item["id"] for item in page["item"]] == whole[3:]
    assert (page["page"], page["pages"], page["perpage"], page["total"]) == (2, 2, 3, 4)


def test_an_item_shows_its_ten_newest_events(own_library: Library) -> None:
    own_library.store.run("DELETE FROM comments")
    own_library.store.run("DELETE FROM favorites")
    photo = photo_of(own_library, 0)
    for number in range(11):
        own_library.now += 1
        own_library.call_as(
            1, "photos.comments.addComment", photo_id=photo, comment_text=str(number)
        )
    (item,) = items(own_library, "userPhotos", timeframe="1h")
    texts = [event["_content"] for event in item["activity"]["event"]]
    assert texts == [str(number) for number in range(1, 11)]
