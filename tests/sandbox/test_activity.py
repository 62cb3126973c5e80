"""`flickr.activity.*`"""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.desk import NOON, Library

ME = nsid(0)
HOUR = 3600


def photo_of(library: Library, person: int) -> str:
    """The id of a public photo of a person."""
    return str(
        library.store.value(
            "SELECT max(id) FROM photos WHERE owner = :owner AND ispublic", owner=nsid(person)
        )
    )


def items(library: Library, method: str, **arguments: Any) -> list[dict[str, Any]]:
    """The items of a listing of activity."""
    answer = library.signed(f"activity.{method}", per_page=50, **arguments)["items"]
    found: list[dict[str, Any]] = answer["item"]
    assert answer["total"] == len(found)
    return found


def test_what_others_did_to_own_photos_within_a_time(own_library: Library) -> None:
    own_library.store.run("DELETE FROM comments")
    own_library.store.run("DELETE FROM favorites")
    photo = photo_of(own_library, 0)
    say = {"photo_id": photo, "comment_text": "Alt"}
    own_library.by(1, "photos.comments.addComment", **say)
    own_library.now = NOON + 5 * HOUR
    own_library.by(1, "favorites.add", photo_id=photo)
    own_library.by(2, "photos.comments.addComment", **say | {"comment_text": "Neu"})
    own_library.signed("photos.comments.addComment", **say | {"comment_text": "Von mir"})
    own_library.now += 60
    (item,) = items(own_library, "userPhotos", timeframe="2h")
    assert (item["type"], item["id"], item["owner"]) == ("photo", photo, ME)
    # The account's own comment stands there, but is no news.
    assert (item["commentsold"], item["commentsnew"], item["faves"]) == ("2", "1", "1")
    assert [
        (event["type"], event["user"], event["_content"]) for event in item["activity"]["event"]
    ] == [("comment", nsid(2), "Neu"), ("fave", nsid(1), "")]
    assert items(own_library, "userPhotos", timeframe="0h") == []
    (whole,) = items(own_library, "userPhotos")
    assert [event["_content"] for event in whole["activity"]["event"]] == ["Alt", "Neu", ""]


def test_sets_are_told_too(own_library: Library) -> None:
    own_library.store.run("DELETE FROM comments")
    photoset = own_library.signed("photosets.getList")["photosets"]["photoset"][0]
    own_library.by(
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
        own_library.by(4, "photos.comments.addComment", photo_id=photo, comment_text="Hm")
    own_library.now += 60
    own_library.signed("photos.comments.addComment", photo_id=first, comment_text="Ja!")
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
        own_library.signed("photos.comments.addComment", photo_id=photo, comment_text="Ja")
    whole = [item["id"] for item in items(own_library, "userComments")]
    assert whole == [photo_of(own_library, person) for person in range(4, 0, -1)]
    page = own_library.signed("activity.userComments", page=2, per_page=3)["items"]
    assert [item["id"] for item in page["item"]] == whole[3:]
    assert (page["page"], page["pages"], page["perpage"], page["total"]) == (2, 2, 3, 4)


def test_an_item_shows_its_ten_newest_events(own_library: Library) -> None:
    own_library.store.run("DELETE FROM comments")
    own_library.store.run("DELETE FROM favorites")
    photo = photo_of(own_library, 0)
    for number in range(11):
        own_library.now += 1
        own_library.by(1, "photos.comments.addComment", photo_id=photo, comment_text=str(number))
    (item,) = items(own_library, "userPhotos", timeframe="1h")
    assert item["more"] == 1
    texts = [event["_content"] for event in item["activity"]["event"]]
    assert texts == [str(number) for number in range(1, 11)]
