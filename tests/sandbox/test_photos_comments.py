"""Comments, notes and people on photos."""

from __future__ import annotations

from typing import Any

import pytest

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.json_recordings import differences
from tests.sandbox.library import NOON, Library
from tests.support.local_api import BASE

OK = {"stat": "ok"}
Answer = dict[str, Any]
BOX = {"note_x": 10, "note_y": 20, "note_w": 30, "note_h": 40}
FACE = {"person_x": 10, "person_y": 20, "person_w": 30, "person_h": 40}


@pytest.fixture
def photo_id(own_library: Library) -> int:
    """The id of a public landscape photo of the account, without comments, notes and people."""
    found: int = own_library.store.value(
        "SELECT id FROM photos WHERE owner = :me AND ispublic AND width = 4000 AND height = 3000"
        " ORDER BY id LIMIT 1",
        me=nsid(0),
    )
    for table in ("comments", "notes", "photo_people"):
        own_library.store.run(f"DELETE FROM {table} WHERE photo = :photo", photo=found)
    return found


def comment(library: Library, person: int, photo_id: int, text: str = "Nice") -> str:
    """Add a comment, and return its id."""
    arguments = {"photo_id": photo_id, "comment_text": text}
    id_: str = library.call_as(person, "photos.comments.addComment", **arguments)["comment"]["id"]
    return id_


def comments(library: Library, photo_id: int, **arguments: Any) -> list[tuple[str, str]]:
    """Return author and text of the comments on a photo."""
    answer = library.call_public("photos.comments.getList", photo_id=photo_id, **arguments)
    return [(row["author"], row["_content"]) for row in answer["comments"].get("comment", [])]


def test_comments_are_listed_oldest_first(own_library: Library, photo_id: int) -> None:
    assert own_library.call_public("photos.comments.getList", photo_id=photo_id) == {
        "comments": {"photo_id": str(photo_id)}, "stat": "ok",
    }  # fmt: skip
    comment(own_library, 1, photo_id, "one 🦊")
    own_library.now += 10
    id_ = comment(own_library, 3, photo_id, "<b>two</b>")
    assert comments(own_library, photo_id) == [(nsid(1), "one 🦊"), (nsid(3), "<b>two</b>")]
    assert comments(own_library, photo_id, min_comment_date=NOON + 5) == [(nsid(3), "<b>two</b>")]
    assert comments(own_library, photo_id, max_comment_date=NOON + 5) == [(nsid(1), "one 🦊")]
    answer = own_library.call_public("photos.comments.getList", photo_id=photo_id)
    last = answer["comments"]["comment"][-1]
    assert last["id"] == id_
    assert last["permalink"].startswith(f"{BASE}/photos/sandbox/{photo_id}/#comment")
    found = differences("photos.comments.getList", answer)
    assert found == []
    info = own_library.call_public("photos.getInfo", photo_id=photo_id)["photo"]
    assert info["comments"] == {"_content": "2"}


def test_comment_is_edited_by_its_author(own_library: Library, photo_id: int) -> None:
    id_ = comment(own_library, 1, photo_id)
    arguments = {"comment_id": id_, "comment_text": "Better"}
    assert own_library.call_as(2, "photos.comments.editComment", **arguments)["code"] == 2
    assert own_library.call_signed("photos.comments.editComment", **arguments)["code"] == 2
    assert own_library.call_as(1, "photos.comments.editComment", **arguments) == OK
    assert comments(own_library, photo_id) == [(nsid(1), "Better")]
    blank = own_library.call_as(1, "photos.comments.editComment", comment_id=id_, comment_text=" ")
    assert blank["code"] == 8


def test_comment_is_deleted_by_author_and_owner(own_library: Library, photo_id: int) -> None:
    first, second = comment(own_library, 1, photo_id), comment(own_library, 1, photo_id)
    delete = "photos.comments.deleteComment"
    assert own_library.call_as(2, delete, comment_id=first)["code"] == 2
    assert own_library.call_as(1, delete, comment_id=first) == OK
    assert own_library.call_as(1, delete, comment_id=first)["code"] == 2
    assert own_library.call_signed(delete, comment_id=second) == OK
    assert comments(own_library, photo_id) == []


@pytest.mark.parametrize("id_", ["1", "a-b-c", "1-2-3", "-1", "9" * 40, f"1-2-{'9' * 40}", "🦊"])
def test_unknown_comment_or_note_is_refused(own_library: Library, id_: str) -> None:
    answer = own_library.call_signed("photos.comments.deleteComment", comment_id=id_)
    assert answer["code"] == 2
    assert own_library.call_signed("photos.notes.delete", note_id=id_)["code"] == 1


@pytest.mark.parametrize(("level", "allowed"), [(0, set()), (1, {1}), (2, {1, 4}), (3, {1, 4, 9})])
def test_comment_permissions(
    own_library: Library, photo_id: int, level: int, allowed: set[int]
) -> None:
    """Person 1 is a friend, 4 a contact, and 9 no contact."""
    own_library.store.run("DELETE FROM contacts WHERE contact = :who", who=nsid(9))
    perms = {"is_public": 1, "is_friend": 0, "is_family": 0, "perm_comment": level}
    own_library.call_signed("photos.setPerms", photo_id=photo_id, **perms)
    arguments = {"photo_id": photo_id, "comment_text": "c"}
    answers = {
        who: own_library.call_as(who, "photos.comments.addComment", **arguments)
        for who in (1, 4, 9)
    }
    assert {who for who, answer in answers.items() if answer["stat"] == "ok"} == allowed


def test_blank_comment_is_refused(own_library: Library, photo_id: int) -> None:
    arguments = {"photo_id": photo_id, "comment_text": ""}
    assert own_library.call_signed("photos.comments.addComment", **arguments)["code"] == 8


def test_recent_comments_on_photos_of_contacts(own_library: Library) -> None:
    store = own_library.store
    store.run("DELETE FROM comments")
    theirs = store.value("SELECT id FROM photos WHERE owner = :o AND ispublic", o=nsid(1))
    comment(own_library, 2, theirs)
    method = "photos.comments.getRecentForContacts"
    answer = own_library.call_signed(method)
    assert [photo["id"] for photo in answer["photos"]["photo"]] == [str(theirs)]
    assert own_library.call_signed(method, contacts_filter=nsid(3))["photos"]["photo"] == []
    own_library.now += 3601
    answer = own_library.call_signed(method, date_lastcomment=1, extras="media")
    assert answer["photos"]["photo"] == []
    assert differences(method, answer) == []


def notes(library: Library, photo_id: int) -> list[Answer]:
    """Return the notes on a photo."""
    found: list[Answer] = library.call_public("photos.getInfo", photo_id=photo_id)["photo"][
        "notes"
    ]["note"]
    return found


def test_notes_are_added_edited_and_deleted(own_library: Library, photo_id: int) -> None:
    answer = own_library.call_as(1, "photos.notes.add", photo_id=photo_id, note_text="A <b>", **BOX)
    id_ = answer["note"]["id"]
    assert notes(own_library, photo_id) == [
        {"id": id_, "photo_id": str(photo_id), "author": nsid(1), "authorname": "Ada Lens",
         "authorrealname": "Ada Lens", "authorispro": 0, "authorisdeleted": 0, "x": "10", "y": "20",
         "w": "30", "h": "40", "_content": "A <b>"}
    ]  # fmt: skip
    edit = {"note_id": id_, "note_text": "B", **BOX, "note_x": 11}
    assert own_library.call_signed("photos.notes.edit", **edit)["code"] == 2
    assert own_library.call_as(1, "photos.notes.edit", **edit) == OK
    assert [(note["x"], note["_content"]) for note in notes(own_library, photo_id)] == [("11", "B")]
    assert own_library.call_as(2, "photos.notes.delete", note_id=id_)["code"] == 2
    assert own_library.call_signed("photos.notes.delete", note_id=id_) == OK
    assert notes(own_library, photo_id) == []


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ({"note_x": "x"}, 3),
        ({"note_w": "-5"}, 3),
        ({"note_text": ""}, 3),
        ({"note_x": 480}, 5),
        ({"note_h": 400}, 5),
        ({"note_w": "9" * 30}, 5),
    ],
)
def test_invalid_note_is_refused(
    own_library: Library, photo_id: int, box: Answer, code: int
) -> None:
    arguments = {"note_text": "n", **BOX, **box}
    assert (
        own_library.call_signed("photos.notes.add", photo_id=photo_id, **arguments)["code"] == code
    )


def test_note_without_permission_is_refused(own_library: Library, photo_id: int) -> None:
    perms = {"is_public": 1, "is_friend": 0, "is_family": 0, "perm_addmeta": 0}
    own_library.call_signed("photos.setPerms", photo_id=photo_id, **perms)
    refused = own_library.call_as(1, "photos.notes.add", photo_id=photo_id, note_text="n", **BOX)
    assert refused["code"] == 2


def people(library: Library, photo_id: int) -> list[Answer]:
    """Return the people in a photo."""
    answer = library.call_public("photos.people.getList", photo_id=photo_id)["people"]
    found: list[Answer] = answer["person"]
    assert answer["total"] == len(found)
    return found


def test_people_are_added_and_removed(own_library: Library, photo_id: int) -> None:
    arguments = {"photo_id": photo_id, "user_id": nsid(3)}
    assert own_library.call_signed("photos.people.add", **arguments, **FACE) == OK
    (person,) = people(own_library, photo_id)
    assert (person["nsid"], person["added_by"], person["x"]) == (nsid(3), nsid(0), "10")
    info = own_library.call_public("photos.getInfo", photo_id=photo_id)["photo"]
    assert info["people"] == {"haspeople": 1}
    moved = {**FACE, "person_x": 99}
    assert own_library.call_as(3, "photos.people.editCoords", **arguments, **moved)["code"] == 3
    assert own_library.call_signed("photos.people.editCoords", **arguments, **moved) == OK
    assert people(own_library, photo_id)[0]["x"] == "99"
    assert own_library.call_signed("photos.people.deleteCoords", **arguments) == OK
    assert "x" not in people(own_library, photo_id)[0]
    assert own_library.call_as(2, "photos.people.delete", **arguments)["code"] == 3
    assert own_library.call_as(3, "photos.people.delete", **arguments) == OK
    assert people(own_library, photo_id) == []
    assert own_library.call_signed("photos.people.delete", **arguments)["code"] == 1


def test_people_are_listed_as_recorded(own_library: Library, photo_id: int) -> None:
    """Recorded only in XML: width and height of the size Medium, and these keys."""
    own_library.call_signed("photos.people.add", photo_id=photo_id, user_id=nsid(1), **FACE)
    answer = own_library.call_public("photos.people.getList", photo_id=photo_id)["people"]
    assert (answer["photo_width"], answer["photo_height"]) == (500, 375)
    assert list(people(own_library, photo_id)[0]) == [
        "nsid", "username", "iconserver", "iconfarm", "path_alias", "added_by", "is_deleted",
        "realname", "h", "w", "x", "y",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"),
    [({"user_id": "nobody"}, 1), ({"person_x": 1}, 6), ({**FACE, "person_w": "x"}, 6)],
)
def test_invalid_person_or_box_is_refused(
    own_library: Library, photo_id: int, arguments: Answer, code: int
) -> None:
    arguments = {"user_id": nsid(1), **arguments}
    answer = own_library.call_signed("photos.people.add", photo_id=photo_id, **arguments)
    assert answer["code"] == code


def test_person_is_not_added_to_a_photo_they_may_not_see(
    own_library: Library, photo_id: int
) -> None:
    perms = {"is_public": 0, "is_friend": 1, "is_family": 0}
    own_library.call_signed("photos.setPerms", photo_id=photo_id, **perms)
    add = "photos.people.add"
    assert own_library.call_signed(add, photo_id=photo_id, user_id=nsid(4))["code"] == 7
    assert own_library.call_signed(add, photo_id=photo_id, user_id=nsid(1)) == OK
