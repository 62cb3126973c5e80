"""`flickr.photos.notes.*` and `flickr.photos.people.*`: notes and people, in boxes on a photo."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.find import has_permission
from flickr_sandbox.answers.person_fields import real_name
from flickr_sandbox.answers.photos.edits import update_photo
from flickr_sandbox.answers.photos.info import medium
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

MOST_NOTES = 50
BOX = ("x", "y", "w", "h")
NONE = -1
MOST_PEOPLE = 50
NO_BOX = dict.fromkeys(BOX)
_IN_PHOTO = """
SELECT i.*, q.nsid, q.username, q.realname, q.hides_name, q.path_alias, q.iconserver, q.iconfarm,
  q.is_deleted
FROM photo_people i JOIN people q ON q.nsid = i.person WHERE i.photo = :photo ORDER BY i.person
"""


@answers("photos.notes.add")
def add_note(call: Call) -> Answer:
    """Add a note to a photo."""
    photo = find.photo(call)
    if not has_permission(call, photo, "permaddmeta"):
        raise call.fail(2)
    box = _note_box(call)
    width, height = medium(photo)
    if box["x"] + box["w"] > width or box["y"] + box["h"] > height:
        raise call.fail(5)
    had = call.store.value("SELECT count(*) FROM notes WHERE photo = :photo", photo=photo["id"])
    if had >= MOST_NOTES:
        raise call.fail(4)
    note = call.store.next_id()
    call.store.insert(
        "notes", id=note, photo=photo["id"], author=call.me, text=call.text("note_text"), **box
    )
    update_photo(call, photo["id"])
    return {"note": {"id": str(note)}}


@answers("photos.notes.edit")
def edit_note(call: Call) -> Answer:
    """Change the box and the text of a note."""
    note = _find_note(call)
    if note["author"] != call.me:
        raise call.fail(2)
    call.store.run(
        "UPDATE notes SET x = :x, y = :y, w = :w, h = :h, text = :text WHERE id = :id",
        id=note["id"],
        text=call.text("note_text"),
        **_note_box(call),
    )
    update_photo(call, note["photo"])
    return {}


@answers("photos.notes.delete")
def delete_note(call: Call) -> Answer:
    """Delete a note by the caller, or one on the caller's photo."""
    note = _find_note(call)
    if call.me not in (note["author"], note["owner"]):
        raise call.fail(2)
    call.store.run("DELETE FROM notes WHERE id = :id", id=note["id"])
    update_photo(call, note["photo"])
    return {}


def _note_box(call: Call) -> dict[str, int]:
    box = {side: call.number(f"note_{side}", NONE, NONE) for side in BOX}
    if NONE in box.values():
        raise call.fail(3)
    return box


def _find_note(call: Call) -> Row:
    row = call.store.one(
        f"""SELECT n.*, p.owner FROM notes n JOIN photos p ON p.id = n.photo
        WHERE n.id = :id AND {find.VISIBLE}""",
        id=find.parse_id(call.text("note_id")),
        caller=call.me,
    )
    if row is None:
        raise call.unknown("note_id")
    return row


@answers("photos.people.getList")
def get_people(call: Call) -> Answer:
    """Return the people in a photo, with their boxes."""
    photo = find.photo(call)
    rows = call.store.all(_IN_PHOTO, photo=photo["id"])
    width, height = medium(photo)
    return {
        "people": {
            "total": len(rows),
            "photo_width": width,
            "photo_height": height,
            "person": [_person(call, row) for row in rows],
        }
    }


def _person(call: Call, row: Row) -> Answer:
    names = ("username", "iconserver", "iconfarm", "path_alias", "added_by", "is_deleted")
    person = {"nsid": row["person"]} | {name: row[name] for name in names}
    person["realname"] = real_name(call, row)
    if row["x"] is None:
        return person
    return person | {side: str(row[side]) for side in ("h", "w", "x", "y")}


@answers("photos.people.add")
def add_person(call: Call) -> Answer:
    """Add a person to a photo, with all four values of a box or without a box."""
    photo = find.photo(call)
    person = find.person(call)["nsid"]
    if not has_permission(call, photo, "permaddmeta"):
        raise call.fail(4)
    if not photo["ispublic"] and not _may_see(call, photo, person):
        raise call.fail(7)
    sides = [call.text(f"person_{side}") for side in BOX]
    box = _person_box(call, 6) if any(sides) else NO_BOX
    had = call.store.value(
        "SELECT count(*) FROM photo_people WHERE photo = :photo AND person <> :person",
        photo=photo["id"],
        person=person,
    )
    if had >= MOST_PEOPLE:
        raise call.fail(8)
    _remove(call, photo["id"], person)
    call.store.insert("photo_people", photo=photo["id"], person=person, added_by=call.me, **box)
    update_photo(call, photo["id"])
    return {}


@answers("photos.people.delete")
def delete_person(call: Call) -> Answer:
    """Remove a person from a photo, as its owner, as that person, or as the one who added them."""
    photo, row = _find_person(call)
    if call.me not in (photo["owner"], row["added_by"], row["person"]):
        raise call.fail(3)
    _remove(call, photo["id"], row["person"])
    update_photo(call, photo["id"])
    return {}


@answers("photos.people.deleteCoords")
def delete_coords(call: Call) -> Answer:
    """Remove the box of a person."""
    _set_box(call, NO_BOX)
    return {}


@answers("photos.people.editCoords")
def edit_coords(call: Call) -> Answer:
    """Change the box of a person."""
    find.photo(call)
    _set_box(call, _person_box(call, 4))
    return {}


def _person_box(call: Call, failure: int) -> dict[str, int | None]:
    box = {side: call.number(f"person_{side}", NONE, NONE) for side in BOX}
    if NONE in box.values():
        raise call.fail(failure)
    return dict(box)


def _set_box(call: Call, box: dict[str, int | None]) -> None:
    photo, row = _find_person(call)
    if call.me not in (photo["owner"], row["added_by"]):
        raise call.fail(3)
    call.store.run(
        "UPDATE photo_people SET x = :x, y = :y, w = :w, h = :h"
        " WHERE photo = :photo AND person = :person",
        photo=photo["id"],
        person=row["person"],
        **box,
    )
    update_photo(call, photo["id"])


def _find_person(call: Call) -> tuple[Row, Row]:
    photo = find.photo(call)
    row = call.store.one(
        "SELECT * FROM photo_people WHERE photo = :photo AND person = :person",
        photo=photo["id"],
        person=find.person(call)["nsid"],
    )
    if row is None:
        raise call.unknown("user_id")
    return photo, row


def _remove(call: Call, photo: int, person: str) -> None:
    call.store.run(
        "DELETE FROM photo_people WHERE photo = :photo AND person = :person",
        photo=photo,
        person=person,
    )


def _may_see(call: Call, photo: Row, person: str) -> bool:
    return bool(
        call.store.value(
            f"SELECT {find.VISIBLE} FROM photos p WHERE p.id = :photo",
            photo=photo["id"],
            caller=person,
        )
    )
