"""People in photos: `flickr.photos.people.*`. Their boxes are in pixels of the size Medium."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.find import may
from flickr_sandbox.answers.photos.change import change
from flickr_sandbox.answers.photos.sizes import medium
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

MOST_PEOPLE = 50
BOX = ("x", "y", "w", "h")
NONE = -1
NO_BOX = dict.fromkeys(BOX)
_IN_PHOTO = """
SELECT i.*, q.username, q.realname, q.path_alias, q.iconserver, q.iconfarm, q.is_deleted
FROM photo_people i JOIN people q ON q.nsid = i.person WHERE i.photo = :photo ORDER BY i.person
"""


@answers("photos.people.getList")
def get_list(call: Call) -> Answer:
    """Who is in a photo, and where."""
    photo = find.photo(call)
    rows = call.store.all(_IN_PHOTO, photo=photo["id"])
    width, height = medium(photo)
    return {
        "people": {
            "total": len(rows),
            "photo_width": width,
            "photo_height": height,
            "person": [_person(row) for row in rows],
        }
    }


def _person(row: Row) -> Answer:
    names = ("username", "iconserver", "iconfarm", "path_alias", "added_by", "is_deleted")
    person = {"nsid": row["person"]} | {name: row[name] for name in names}
    person["realname"] = row["realname"]
    if row["x"] is None:
        return person
    return person | {side: str(row[side]) for side in ("h", "w", "x", "y")}


@answers("photos.people.add")
def add(call: Call) -> Answer:
    """Add a person to a photo; with all four sides of a box, or with none."""
    photo = find.photo(call)
    person = find.person(call)["nsid"]
    if not may(call, photo, "permaddmeta"):
        raise call.fail(4)
    if not photo["ispublic"] and not _sees(call, photo, person):
        raise call.fail(7)
    sides = [call.text(f"person_{side}") for side in BOX]
    box = _box(call, 6) if any(sides) else NO_BOX
    had = call.store.value(
        "SELECT count(*) FROM photo_people WHERE photo = :photo AND person <> :person",
        photo=photo["id"],
        person=person,
    )
    if had >= MOST_PEOPLE:
        raise call.fail(8)
    _remove(call, photo["id"], person)
    call.store.insert("photo_people", photo=photo["id"], person=person, added_by=call.me, **box)
    change(call, photo["id"])
    return {}


@answers("photos.people.delete")
def delete(call: Call) -> Answer:
    """Take a person out of a photo: for its owner, who added them, and themselves."""
    photo, row = _found(call)
    if call.me not in (photo["owner"], row["added_by"], row["person"]):
        raise call.fail(3)
    _remove(call, photo["id"], row["person"])
    change(call, photo["id"])
    return {}


@answers("photos.people.deleteCoords")
def delete_coords(call: Call) -> Answer:
    """Take away the box around a person."""
    _set_box(call, NO_BOX)
    return {}


@answers("photos.people.editCoords")
def edit_coords(call: Call) -> Answer:
    """Put another box around a person."""
    find.photo(call)
    _set_box(call, _box(call, 4))
    return {}


def _box(call: Call, failure: int) -> dict[str, int | None]:
    box = {side: call.number(f"person_{side}", NONE, NONE) for side in BOX}
    if NONE in box.values():
        raise call.fail(failure)
    return dict(box)


def _set_box(call: Call, box: dict[str, int | None]) -> None:
    photo, row = _found(call)
    if call.me not in (photo["owner"], row["added_by"]):
        raise call.fail(3)
    call.store.run(
        "UPDATE photo_people SET x = :x, y = :y, w = :w, h = :h"
        " WHERE photo = :photo AND person = :person",
        photo=photo["id"],
        person=row["person"],
        **box,
    )
    change(call, photo["id"])


def _found(call: Call) -> tuple[Row, Row]:
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


def _sees(call: Call, photo: Row, person: str) -> bool:
    return bool(
        call.store.value(
            f"SELECT {find.VISIBLE} FROM photos p WHERE p.id = :photo",
            photo=photo["id"],
            caller=person,
        )
    )
