"""Tags of photos: `flickr.photos.addTags`, `setTags` and `removeTag`."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.answers.photos.tags import split_tags
from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import Library

OK = {"stat": "ok"}
Answer = dict[str, Any]


@pytest.fixture
def photo_id(own_library: Library) -> int:
    """The id of a public photo of the account."""
    found: int = own_library.store.value(
        "SELECT id FROM photos WHERE owner = :me AND ispublic ORDER BY id LIMIT 1", me=nsid(0)
    )
    return found


def tags(library: Library, photo_id: int) -> list[Answer]:
    """Return the tags of a photo."""
    found: list[Answer] = library.call_signed("photos.getInfo", photo_id=photo_id)["photo"]["tags"][
        "tag"
    ]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("a b  c", ["a", "b", "c"]),
        ('"red panda" zoo', ["red panda", "zoo"]),
        ('unclosed "red panda', ["unclosed", "red", "panda"]),
        ("Köln köln KÖLN", ["Köln"]),
        ('dc:title="mr camera" x', ["dc:title=mr camera", "x"]),
        ('"dc:title=mr camera"', ["dc:title=mr camera"]),
        ("!!! 🦊 -", []),
        ("日本 a\0b", ["日本", "a\0b"]),
    ],
)
def test_text_is_split_into_tags(text: str, expected: list[str]) -> None:
    assert split_tags(text) == expected


def test_tags_are_added_set_and_removed(own_library: Library, photo_id: int) -> None:
    own_library.call_signed("photos.setTags", photo_id=photo_id, tags='one "Two Words" geo:lat=5')
    answer = own_library.call_signed("photos.addTags", photo_id=photo_id, tags="ONE three")
    found = tags(own_library, photo_id)
    # Only new tags are in the answer.
    assert answer["tags"]["tag"] == [
        {"author": nsid(0), "authorname": "sandbox", "raw": "three", "machine_tag": False,
         "full_tag_id": found[-1]["id"], "id": found[-1]["id"].rpartition("-")[2],
         "_content": "three"}
    ]  # fmt: skip
    assert [(tag["raw"], tag["_content"], tag["machine_tag"]) for tag in found] == [
        ("one", "one", 0), ("Two Words", "twowords", 0), ("geo:lat=5", "geo:lat=5", 1),
        ("three", "three", 0),
    ]  # fmt: skip
    removed = own_library.call_signed("photos.removeTag", tag_id=found[1]["id"])
    assert removed == OK
    assert own_library.call_signed("photos.removeTag", tag_id=found[1]["id"])["code"] == 1
    listed = own_library.call_signed(
        "photos.search", user_id="me", tags="three", extras="tags,machine_tags"
    )
    (photo,) = listed["photos"]["photo"]
    assert (photo["tags"], photo["machine_tags"]) == ("one geo:lat=5 three", "geo:lat=5")
    own_library.call_signed("photos.setTags", photo_id=photo_id, tags="")
    assert tags(own_library, photo_id) == []
    assert (
        own_library.call_signed("photos.search", user_id="me", tags="three")["photos"]["photo"]
        == []
    )


def test_tag_is_removed_by_its_author_and_by_the_owner(own_library: Library, photo_id: int) -> None:
    own_library.call_signed("photos.setTags", photo_id=photo_id, tags="mine")
    own_library.call_as(1, "photos.addTags", photo_id=photo_id, tags="theirs also")
    mine, theirs, also = tags(own_library, photo_id)
    assert (mine["author"], theirs["author"]) == (nsid(0), nsid(1))
    assert own_library.call_as(1, "photos.removeTag", tag_id=mine["id"])["code"] == 1
    assert own_library.call_as(2, "photos.removeTag", tag_id=theirs["id"])["code"] == 1
    assert own_library.call_as(1, "photos.removeTag", tag_id=theirs["id"]) == OK
    assert own_library.call_signed("photos.removeTag", tag_id=also["id"]) == OK
    for id_ in ("1", "a-b-c", "1-2-3", f"1-{photo_id}-{'9' * 30}", "--"):
        assert own_library.call_signed("photos.removeTag", tag_id=id_)["code"] == 1


def test_photo_has_at_most_75_tags(own_library: Library, photo_id: int) -> None:
    many = " ".join(f"t{count}" for count in range(75))
    assert own_library.call_signed("photos.setTags", photo_id=photo_id, tags=many) == OK
    again = own_library.call_signed("photos.addTags", photo_id=photo_id, tags="t1 t2")
    assert again["tags"]["tag"] == []
    assert own_library.call_signed("photos.addTags", photo_id=photo_id, tags="more")["code"] == 2
    assert (
        own_library.call_signed("photos.setTags", photo_id=photo_id, tags=f"{many} more")["code"]
        == 2
    )
    assert len(tags(own_library, photo_id)) == 75
