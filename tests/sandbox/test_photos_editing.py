"""Edits of photos and their effect on reads: titles, dates, permissions, licences, deletion."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import NOON, Library

OK = {"stat": "ok"}
Answer = dict[str, Any]


def own(library: Library, condition: str = "ispublic AND media = 'photo'") -> int:
    """Return the id of a photo of the account that matches a condition in SQL."""
    photo_id: int = library.store.value(
        f"SELECT id FROM photos WHERE owner = :me AND {condition} ORDER BY id LIMIT 1", me=nsid(0)
    )
    return photo_id


def info(library: Library, photo_id: int) -> Answer:
    """Return the answer of `photos.getInfo` to the owner."""
    photo: Answer = library.call_signed("photos.getInfo", photo_id=photo_id)["photo"]
    return photo


WRITES: list[tuple[str, Answer]] = [
    ("setMeta", {"title": "t", "description": "d"}),
    ("setDates", {"date_taken": "2020-01-02 03:04:05"}),
    ("setPerms", {"is_public": 1, "is_friend": 0, "is_family": 0}),
    ("setContentType", {"content_type": 2}),
    ("setSafetyLevel", {"safety_level": 2}),
    ("setTags", {"tags": "a"}),
    ("addTags", {"tags": "a"}),
    ("transform.rotate", {"degrees": 90}),
    ("licenses.setLicense", {"license_id": 4}),
    ("comments.addComment", {"comment_text": "c"}),
    ("notes.add", {"note_x": 1, "note_y": 1, "note_w": 1, "note_h": 1, "note_text": "n"}),
    ("people.add", {"user_id": nsid(1)}),
    ("geo.setLocation", {"lat": 1, "lon": 2}),
]


@pytest.mark.parametrize(("method", "arguments"), WRITES)
def test_write_is_shaped_as_recorded_and_shows_as_recently_updated(
    own_library: Library, method: str, arguments: Answer
) -> None:
    photo_id = own(own_library)
    own_library.now = NOON + 5
    answer = own_library.call_signed(f"photos.{method}", photo_id=photo_id, **arguments)
    assert answer["stat"] == "ok"
    assert differences(f"photos.{method}", answer) == []
    changed = own_library.call_signed(
        "photos.recentlyUpdated", min_date=NOON + 5, extras="last_update"
    )
    found = [(photo["id"], photo["lastupdate"]) for photo in changed["photos"]["photo"]]
    assert found == [(str(photo_id), str(NOON + 5))]


@pytest.mark.parametrize(("method", "arguments"), WRITES)
def test_unknown_photo_or_photo_of_others_is_refused(
    own_library: Library, method: str, arguments: Answer
) -> None:
    private = own(own_library, "NOT ispublic AND NOT isfriend AND NOT isfamily")
    declared = 2 if method == "people.add" else 1
    for id_ in (private, "1", "nonsense", "9" * 30):
        answer = own_library.call_as(4, f"photos.{method}", photo_id=id_, **arguments)
        assert (answer["stat"], answer["code"]) == ("fail", declared)
    for_anybody = ("addTags", "comments.addComment", "notes.add", "people.add")
    if method not in for_anybody:
        photo_id = own(own_library)
        answer = own_library.call_as(1, f"photos.{method}", photo_id=photo_id, **arguments)
        assert (answer["stat"], answer["code"]) == ("fail", 1)


def test_omitted_title_and_description_stay(own_library: Library) -> None:
    photo_id = own(own_library)
    own_library.call_signed(
        "photos.setMeta", photo_id=photo_id, title="a <b>", description="Grüße\n🦊"
    )
    own_library.call_signed("photos.setMeta", photo_id=photo_id, title="")
    found = info(own_library, photo_id)
    assert (found["title"]["_content"], found["description"]["_content"]) == ("", "Grüße\n🦊")
    assert own_library.call_signed("photos.setMeta", photo_id=photo_id)["code"] == 2


def test_dates(own_library: Library) -> None:
    photo_id = own(own_library)
    dates = {"date_posted": 1300000000, "date_taken": "1999-12-31", "date_taken_granularity": 6}
    own_library.call_signed("photos.setDates", photo_id=photo_id, **dates)
    found = info(own_library, photo_id)["dates"]
    assert found["posted"] == "1300000000"
    assert (found["taken"], found["takengranularity"]) == ("1999-12-31 00:00:00", 6)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, 2),
        ({"date_taken_granularity": 5}, 3),
        ({"date_posted": "yesterday"}, 4),
        ({"date_posted": "-5"}, 4),
        ({"date_posted": NOON + 1}, 4),
        ({"date_posted": "9" * 40}, 4),
        ({"date_taken": "31.12.1999"}, 5),
        ({"date_taken": "1300000000"}, 5),
        ({"date_taken": "1999-13-01 00:00:00"}, 6),
        ({"date_taken": "1999-02-30"}, 6),
    ],
)
def test_invalid_dates_are_refused(own_library: Library, arguments: Answer, code: int) -> None:
    photo_id = own(own_library)
    before = info(own_library, photo_id)
    answer = own_library.call_signed("photos.setDates", photo_id=photo_id, **arguments)
    assert answer["code"] == code
    assert info(own_library, photo_id) == before


def test_perms_set_visibility_and_comments(own_library: Library) -> None:
    photo_id = own(own_library)
    closed = {"is_public": 0, "is_friend": 1, "is_family": 0, "perm_comment": 0, "perm_addmeta": 1}
    answer = own_library.call_signed("photos.setPerms", photo_id=photo_id, **closed)
    assert answer["photoid"]["_content"] == str(photo_id)
    perms = own_library.call_signed("photos.getPerms", photo_id=photo_id)
    assert perms["perms"] == {
        "id": str(photo_id), "ispublic": 0, "isfriend": 1, "isfamily": 0, "permcomment": 0,
        "permaddmeta": 1, "permprint": 0,
    }  # fmt: skip
    assert differences("photos.getPerms", perms) == []
    arguments = {"photo_id": photo_id, "comment_text": "c"}
    friend = own_library.call_as(1, "photos.comments.addComment", **arguments)
    assert (friend["code"], friend["message"]) == (99, "Insufficient permission to comment")
    assert own_library.call_as(1, "photos.addTags", photo_id=photo_id, tags="x")["stat"] == "ok"
    assert own_library.call_as(4, "photos.comments.addComment", **arguments)["code"] == 1
    assert own_library.call_as(1, "photos.getPerms", photo_id=photo_id)["code"] == 1
    missing = own_library.call_signed(
        "photos.setPerms", photo_id=photo_id, is_public=1, is_friend=0
    )
    assert missing["code"] == 2


@pytest.mark.parametrize(
    ("method", "name", "values", "code"),
    [("setContentType", "content_type", ("", "0", "5", "x"), 2),
     ("setSafetyLevel", "safety_level", ("", "0", "4", "x"), 2),
     ("transform.rotate", "degrees", ("0", "45", "360", "x"), 2),
     ("licenses.setLicense", "license_id", ("-1", "17", "x", "9" * 30), 2),
     ("licenses.setLicense", "license_id", ("7", "8"), 4)],
)  # fmt: skip
def test_invalid_value_is_refused(
    own_library: Library, method: str, name: str, values: tuple[str, ...], code: int
) -> None:
    photo_id = own(own_library)
    for value in values:
        answer = own_library.call_signed(f"photos.{method}", photo_id=photo_id, **{name: value})
        assert (answer["stat"], answer.get("code")) == ("fail", code), value


def test_rotated_photo_has_new_sizes_at_new_addresses(own_library: Library) -> None:
    photo_id = own(own_library, "ispublic AND media = 'photo' AND width > height")

    def largest() -> Answer:
        sizes = own_library.call_signed("photos.getSizes", photo_id=photo_id)["sizes"]["size"]
        found: Answer = next(size for size in sizes if size["label"] == "Medium")
        return found

    before = largest()
    for degrees in (90, 180):
        answer = own_library.call_signed(
            "photos.transform.rotate", photo_id=photo_id, degrees=degrees
        )
        found = info(own_library, photo_id)
        assert answer["photoid"] == {
            "_content": str(photo_id),
            "secret": found["secret"],
            "originalsecret": found["originalsecret"],
        }
    after = largest()
    assert (after["width"], after["height"]) == (before["height"], before["width"])
    assert after["source"] != before["source"]
    assert info(own_library, photo_id)["rotation"] == 270
    video = own(own_library, "media = 'video'")
    answer = own_library.call_signed("photos.transform.rotate", photo_id=video, degrees=90)
    assert answer["code"] == 4


def test_licenses(own_library: Library) -> None:
    names = own_library.call_public("photos.licenses.getInfo")
    assert differences("photos.licenses.getInfo", names) == []
    assert sorted(license["id"] for license in names["licenses"]["license"]) == [*range(17)]
    photo_id = own(own_library, "license = 0 AND ispublic")
    for license_ in (4, 4, 9):
        own_library.call_signed(
            "photos.licenses.setLicense", photo_id=photo_id, license_id=license_
        )
    assert info(own_library, photo_id)["license"] == "9"
    history = own_library.call_public("photos.licenses.getLicenseHistory", photo_id=photo_id)
    changes = [(row["old_license"], row["new_license"]) for row in history["license_history"]][-2:]
    assert changes == [
        ("All Rights Reserved", "CC BY 2.0"),
        ("CC BY 2.0", "Public Domain Dedication (CC0)"),
    ]


def test_license_that_never_changed_has_one_entry_without_a_new_one(own_library: Library) -> None:
    own_library.store.run("DELETE FROM license_history")
    photo_id = own(own_library, "license = 4 AND ispublic")
    history = own_library.call_public("photos.licenses.getLicenseHistory", photo_id=photo_id)
    assert history["license_history"] == [
        {
            "date_change": int(info(own_library, photo_id)["dates"]["posted"]),
            "old_license": "CC BY 2.0",
            "old_license_url": "https://creativecommons.org/licenses/by/2.0/",
            "new_license": "",
            "new_license_url": "",
        }
    ]


def test_deleted_photo_is_in_no_answer(own_library: Library) -> None:
    photo_id = own(own_library)
    arguments = {"photo_id": photo_id}
    call = own_library.call_signed
    box = {"note_x": 1, "note_y": 1, "note_w": 1, "note_h": 1, "note_text": "n"}
    comment = call("photos.comments.addComment", comment_text="c", **arguments)["comment"]["id"]
    note = call("photos.notes.add", **box, **arguments)["note"]["id"]
    call("photos.setTags", tags="rare", **arguments)
    call("photos.people.add", user_id=nsid(1), **arguments)
    call("photos.licenses.setLicense", license_id=1, **arguments)
    call("photos.licenses.setLicense", license_id=2, **arguments)
    own_library.call_as(1, "photos.suggestions.suggestLocation", lat=1, lon=2, **arguments)
    alone = call("photosets.create", title="alone", primary_photo_id=photo_id)["photoset"]["id"]
    both = call("photosets.create", title="both", primary_photo_id=photo_id)["photoset"]["id"]
    other = own(own_library, f"ispublic AND id > {photo_id}")
    call("photosets.addPhoto", photoset_id=both, photo_id=other)
    own_library.store.insert("favorites", person=nsid(1), photo=photo_id, faved=1)
    answer = call("photos.delete", **arguments)
    assert answer == OK
    assert differences("photos.delete", answer) == []
    assert call("photos.getInfo", **arguments)["code"] == 1
    assert call("photos.delete", **arguments)["code"] == 1
    assert call("photos.comments.deleteComment", comment_id=comment)["code"] in (1, 2)
    assert call("photos.notes.delete", note_id=note)["code"] == 1
    sets = {s["id"]: s for s in call("photosets.getList")["photosets"]["photoset"]}
    assert alone not in sets
    assert sets[both]["primary"] == str(other)
    assert call("photos.search", user_id="me", tags="rare")["photos"]["total"] == "0"
    tables = (
        "photo_tags", "notes", "comments", "favorites", "photo_people", "license_history",
        "suggestions", "photoset_photos", "pool_photos", "gallery_photos",
    )  # fmt: skip
    for table in tables:
        left = own_library.store.value(
            f"SELECT count(*) FROM {table} WHERE photo = :photo", photo=photo_id
        )
        assert left == 0, table


def test_photo_is_deleted_only_by_its_owner(own_library: Library) -> None:
    photo_id = own(own_library)
    assert own_library.call_as(1, "photos.delete", photo_id=photo_id)["code"] == 1
    assert info(own_library, photo_id)["id"] == str(photo_id)
