"""Reads of one photo: `getInfo`, `getSizes`, `getExif`, contexts and favourites."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flickr_sandbox.answers.photos.info import STREAMS
from flickr_sandbox.call import Caller
from flickr_sandbox.store import Row
from flickr_sandbox.store.library.people import nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import Library, failure_of
from tests.support.local_api import BASE

HUGE = "9" * 5000


def photo(library: Library, condition: str, owner: int = 0) -> Row:
    """Return a photo of a person that matches a condition in SQL."""
    row = library.store.one(
        f"SELECT * FROM photos WHERE owner = :owner AND {condition} LIMIT 1", owner=nsid(owner)
    )
    assert row is not None
    return row


def info(library: Library, number: int, person: int | None = 0, **more: Any) -> dict[str, Any]:
    """Call `photos.getInfo` as a person, or with the key alone if None."""
    arguments = {"photo_id": number, **more}
    if person is None:
        answer = library.call_public("photos.getInfo", **arguments)
    else:
        answer = library.call_as(person, "photos.getInfo", **arguments)
    found: dict[str, Any] = answer["photo"] if answer["stat"] == "ok" else answer
    return found


def test_info_is_shaped_as_recorded(own_library: Library) -> None:
    # The recorded photos in JSON have no location.
    found = photo(
        own_library, "latitude IS NULL AND license = 0 AND ispublic AND media = 'photo'", 1
    )
    number = found["id"]
    box = {"note_x": 1, "note_y": 2, "note_w": 3, "note_h": 4}
    own_library.call_as(1, "photos.notes.add", photo_id=number, note_text="n", **box)
    own_library.call_as(1, "photos.addTags", photo_id=number, tags="a")
    for answer in (
        own_library.call_public("photos.getInfo", photo_id=number),
        own_library.call_as(2, "photos.getInfo", photo_id=number),
    ):
        assert differences("photos.getInfo", answer) == []
    mine = own_library.call_as(1, "photos.getInfo", photo_id=number)
    assert {"originalsecret", "originalformat"} <= set(mine["photo"])
    original = {f"photo.original{part} is in no recorded answer" for part in ("secret", "format")}
    assert set(differences("photos.getInfo", mine)) <= original
    video = photo(own_library, "media = 'video'", 0)
    lines = differences(
        "photos.getInfo", own_library.call_public("photos.getInfo", photo_id=video["id"])
    )
    assert [line for line in lines if "video" in line and "recorded as" not in line] == []


def test_info_shows_the_owner_more_than_others(library: Library) -> None:
    found = photo(library, "latitude IS NULL AND license = 0 AND ispublic")
    mine, theirs = info(library, found["id"]), info(library, found["id"], None)
    assert mine["permissions"] == {"permcomment": 3, "permaddmeta": 2}
    assert "permissions" not in theirs
    assert mine["originalsecret"] == found["originalsecret"]
    assert "originalsecret" not in theirs
    assert mine["editability"] == {"cancomment": 1, "canaddmeta": 1}
    assert theirs["editability"] == {"cancomment": 0, "canaddmeta": 0}
    assert theirs["publiceditability"] == {"cancomment": 1, "canaddmeta": 0}
    assert info(library, found["id"], 1)["editability"] == {"cancomment": 1, "canaddmeta": 1}
    assert theirs["urls"]["url"][0]["_content"] == f"{BASE}/photos/sandbox/{found['id']}/"


@pytest.mark.parametrize("id_", ["1", "-1", "none", "", HUGE, "12345678901234567890", "٣", "5.0"])
def test_info_of_an_unknown_photo_is_refused(library: Library, id_: str) -> None:
    answer = library.call_signed("photos.getInfo", photo_id=id_)
    assert answer["code"] == 1
    expected = f'Photo "{id_}" not found (invalid ID)' if id_ else "Photo not found"
    assert answer["message"] == expected


def test_private_photo_is_readable_with_its_secret(library: Library) -> None:
    found = photo(library, "NOT ispublic AND NOT isfriend AND NOT isfamily")
    refused = {"stat": "fail", "code": 2, "message": "Photo is private"}
    assert info(library, found["id"], None) == refused
    assert info(library, found["id"], 1, secret="0" * 10) == refused
    assert info(library, found["id"], None, secret=found["secret"])["id"] == str(found["id"])
    assert info(library, found["id"])["visibility"] == {"ispublic": 0, "isfriend": 0, "isfamily": 0}


def test_location_is_shown_to_permitted_people(own_library: Library) -> None:
    found = photo(own_library, "latitude IS NOT NULL AND ispublic")
    assert info(own_library, found["id"], None)["location"]["accuracy"] == str(found["accuracy"])
    perms = {"is_public": 0, "is_contact": 0, "is_friend": 1, "is_family": 0}
    own_library.call_signed("photos.geo.setPerms", photo_id=found["id"], **perms)
    assert "location" not in info(own_library, found["id"], None)
    assert "location" not in info(own_library, found["id"], 4)
    assert "location" in info(own_library, found["id"], 1)  # person 1 is a friend
    assert info(own_library, found["id"])["geoperms"]["isfriend"] == 1


@pytest.mark.parametrize(
    "condition", ["media = 'video'", "media = 'photo' AND license", "width < height"]
)
def test_sizes_are_shaped_as_recorded(library: Library, condition: str) -> None:
    number = photo(library, condition)["id"]
    for answer in (
        library.call_public("photos.getSizes", photo_id=number),
        library.call_signed("photos.getSizes", photo_id=number),
    ):
        assert differences("photos.getSizes", answer) == []


def test_sizes_end_with_the_original_if_the_caller_may_download_it(library: Library) -> None:
    found = photo(library, "license = 0 AND ispublic AND media = 'photo' AND width = 5472")
    arguments = {"photo_id": found["id"]}
    mine = library.call_signed("photos.getSizes", **arguments)["sizes"]
    theirs = library.call_public("photos.getSizes", **arguments)["sizes"]
    assert [size["label"] for size in mine["size"]][-2:] == ["X-Large 5K", "Original"]
    assert theirs["size"][-1]["label"] == "X-Large 5K"
    assert (mine["candownload"], theirs["candownload"]) == (1, 0)
    assert mine["size"][-1]["source"].endswith(f"_{found['originalsecret']}_o.jpg")
    assert mine["size"][-1]["url"] == f"{BASE}/photos/sandbox/{found['id']}/sizes/o/"


@pytest.mark.parametrize(
    ("longest", "last", "width"),
    [
        (352, "Medium", 352),
        (4032, "X-Large 4K", 4032),
        (5568, "X-Large 5K", 5120),
        (6000, "X-Large 6K", 6000),
    ],
)
def test_largest_size_may_have_fewer_pixels_than_its_name(
    own_library: Library, longest: int, last: str, width: int
) -> None:
    number = photo(own_library, "license = 0 AND ispublic AND media = 'photo'")["id"]
    own_library.store.run(
        "UPDATE photos SET width = :w, height = :w / 2, rotation = 0 WHERE id = :id",
        w=longest,
        id=number,
    )
    answer = own_library.call_public("photos.getSizes", photo_id=number)
    size = answer["sizes"]["size"][-1]
    assert (size["label"], size["width"]) == (
        last,
        min(longest, {"X-Large 5K": 5120}.get(last, longest)),
    )


def test_streams_of_a_video_need_its_secret(library: Library) -> None:
    found = photo(library, "media = 'video' AND license = 0 AND ispublic")
    arguments = {"photo_id": found["id"], "secret": found["secret"]}
    streams = library.call_public("video.getStreamInfo", **arguments)["streams"]["stream"]
    sizes = library.call_public("photos.getSizes", photo_id=found["id"])["sizes"]["size"]
    assert [(stream["type"], stream["_content"]) for stream in streams] == [
        (size["label"], size["source"]) for size in sizes if size["label"] in dict(STREAMS)
    ]
    wrong = library.call_public("video.getStreamInfo", **arguments | {"secret": "0"})
    assert failure_of(wrong) == (1, "Photo not found")


def test_video_has_addresses_to_play_it(library: Library) -> None:
    found = photo(library, "media = 'video' AND license = 0 AND ispublic")
    answer = library.call_signed("photos.getSizes", photo_id=found["id"])
    videos = {s["label"]: s["source"] for s in answer["sizes"]["size"] if s["media"] == "video"}
    play = f"{BASE}/photos/sandbox/{found['id']}/play"
    assert videos == {
        "Video Player": f"{BASE}/apps/video/stewart.swf?v={found['lastupdate']}"
        f"&photo_id={found['id']}&photo_secret={found['secret']}",
        **{
            label: f"{play}/{label}/{found['secret']}/"
            for label in ("1080p", "720p", "360p", "700", "iphone_wifi")
        },
        "orig": f"{play}/orig/{found['originalsecret']}/",
    }
    theirs = library.call_public("photos.getSizes", photo_id=found["id"])["sizes"]["size"]
    assert "orig" not in [size["label"] for size in theirs]


def test_exif_is_the_same_each_time_and_absent_from_screenshots(library: Library) -> None:
    found = photo(library, "media = 'photo' AND content_type = 0")["id"]
    answer = library.call_public("photos.getExif", photo_id=found)
    assert answer == library.call_public("photos.getExif", photo_id=found)
    fields = {tag["tag"]: tag["raw"]["_content"] for tag in answer["photo"]["exif"]}
    assert fields["Model"] == answer["photo"]["camera"] != ""
    bare = photo(library, "content_type = 1")["id"]
    answer = library.call_public("photos.getExif", photo_id=bare)
    assert answer["photo"]["exif"] == []
    assert differences("photos.getExif", answer) == []


def test_context_is_the_photos_posted_before_and_after(library: Library) -> None:
    rows = library.store.all(
        "SELECT id, title FROM photos WHERE owner = :me ORDER BY posted, id", me=nsid(0)
    )
    before, at, after = rows[10:13]
    answer = library.call_signed("photos.getContext", photo_id=at["id"])
    assert answer["prevphoto"]["id"] == str(before["id"])
    assert answer["nextphoto"]["id"] == str(after["id"])
    assert answer["count"] == {"_content": str(len(rows))}
    assert differences("photos.getContext", answer) == []
    first = library.call_signed("photos.getContext", photo_id=rows[0]["id"])
    assert first["prevphoto"] == {"id": 0, "is_faved": 0}


def test_context_skips_photos_that_the_caller_may_not_see(library: Library) -> None:
    row = library.store.one(
        "SELECT id FROM photos p WHERE owner = :me AND ispublic AND NOT (SELECT ispublic FROM photos n"
        " WHERE n.owner = p.owner AND n.id > p.id ORDER BY n.id LIMIT 1) LIMIT 1",
        me=nsid(0),
    )
    assert row is not None
    mine = library.call_signed("photos.getContext", photo_id=row["id"])
    theirs = library.call_public("photos.getContext", photo_id=row["id"])
    assert mine["nextphoto"]["id"] != theirs["nextphoto"]["id"]
    assert mine["count"]["_content"] > theirs["count"]["_content"]


def test_all_contexts_lists_sets_and_pools(own_library: Library) -> None:
    found = photo(own_library, "ispublic")
    number = found["id"]
    own_library.store.run("DELETE FROM photoset_photos WHERE photo = :id", id=number)
    own_library.store.run("DELETE FROM pool_photos WHERE photo = :id", id=number)
    assert own_library.call_public("photos.getAllContexts", photo_id=number) == {"stat": "ok"}
    own_library.call_signed("photosets.create", title="Új", primary_photo_id=number)
    own_library.store.insert("pool_photos", group_nsid="2000000@N20", photo=number, added=1)
    answer = own_library.call_public("photos.getAllContexts", photo_id=number)
    (photoset,) = answer["set"]
    assert (photoset["title"], photoset["primary"]) == ("Új", str(number))
    assert (photoset["count_photo"], photoset["count_video"]) == (1, 0)
    (pool,) = answer["pool"]
    assert pool["id"] == "2000000@N20"
    assert pool["url"].startswith("/groups/")
    # Recorded only in XML.
    text = own_library.answer_text(Caller(), "photos.getAllContexts", {"photo_id": number}, "rest")
    attributes = [re.findall(r"(\w+)=", line) for line in text.splitlines() if "<set" in line]
    assert attributes == [
        ["title", "id", "primary", "secret", "server", "farm", "view_count", "comment_count",
         "count_photo", "count_video"]
    ]  # fmt: skip
    pools = [re.findall(r"(\w+)=", line) for line in text.splitlines() if "<pool" in line]
    assert pools == [["title", "url", "id", "iconserver", "iconfarm", "members", "pool_count"]]


def test_favorites_are_listed_newest_first_and_in_pages(own_library: Library) -> None:
    number = photo(own_library, "ispublic")["id"]
    own_library.store.run("DELETE FROM favorites WHERE photo = :id", id=number)
    for person in range(1, 6):
        own_library.store.insert("favorites", person=nsid(person), photo=number, faved=person)
    answer = own_library.call_public("photos.getFavorites", photo_id=number, per_page=2, page=2)
    assert [person["nsid"] for person in answer["photo"]["person"]] == [nsid(3), nsid(2)]
    assert (answer["photo"]["pages"], answer["photo"]["total"]) == (3, 5)
    assert differences("photos.getFavorites", answer) == []
    assert info(own_library, number, 3)["isfavorite"] == 1


@pytest.mark.parametrize(
    "method",
    ["getSizes", "getExif", "getContext", "getAllContexts", "getFavorites", "people.getList",
     "comments.getList", "geo.getLocation", "licenses.getLicenseHistory"],
)  # fmt: skip
def test_unknown_or_private_photo_is_not_found(library: Library, method: str) -> None:
    private = photo(library, "NOT ispublic AND NOT isfriend AND NOT isfamily")["id"]
    for id_ in (private, "1", "-1", "does_not_exist", "12345678901234567890", HUGE, ""):
        answer = library.call_public(f"photos.{method}", photo_id=id_)
        assert (answer["stat"], answer["code"]) == ("fail", 1), (id_, answer)
