"""Notes on photos: `flickr.photos.notes.*`. Their boxes are in pixels of the size Medium."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.find import may
from flickr_sandbox.answers.photos.change import change
from flickr_sandbox.answers.photos.sizes import medium
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

MOST_NOTES = 50
BOX = ("x", "y", "w", "h")
NONE = -1


@answers("photos.notes.add")
def add(call: Call) -> Answer:
    """Put a note on a photo."""
    photo = find.photo(call)
    if not may(call, photo, "permaddmeta"):
        raise call.fail(2)
    box = _box(call)
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
    change(call, photo["id"])
    return {"note": {"id": str(note)}}


@answers("photos.notes.edit")
def edit(call: Call) -> Answer:
    """Give a note another box and another text."""
    note = _found(call)
    if note["author"] != call.me:
        raise call.fail(2)
    call.store.run(
        "UPDATE notes SET x = :x, y = :y, w = :w, h = :h, text = :text WHERE id = :id",
        id=note["id"],
        text=call.text("note_text"),
        **_box(call),
    )
    change(call, note["photo"])
    return {}


@answers("photos.notes.delete")
def delete(call: Call) -> Answer:
    """Delete a note of one's own, or one on a photo of one's own."""
    note = _found(call)
    if call.me not in (note["author"], note["owner"]):
        raise call.fail(2)
    call.store.run("DELETE FROM notes WHERE id = :id", id=note["id"])
    change(call, note["photo"])
    return {}


def _box(call: Call) -> dict[str, int]:
    box = {side: call.number(f"note_{side}", NONE, NONE) for side in BOX}
    if NONE in box.values():
        raise call.fail(3)
    return box


def _found(call: Call) -> Row:
    row = call.store.one(
        f"""SELECT n.*, p.owner FROM notes n JOIN photos p ON p.id = n.photo
        WHERE n.id = :id AND {find.VISIBLE}""",
        id=find.parse_id(call.text("note_id")),
        caller=call.me,
    )
    if row is None:
        raise call.unknown("note_id")
    return row
