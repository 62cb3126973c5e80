"""`flickr.galleries.*` that change galleries and their photos."""

from __future__ import annotations

from flickr_sandbox.answers import addresses, find
from flickr_sandbox.answers.galleries import gallery as galleries
from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

# Codes of errors.
NOT_PUBLIC, OWN, ALREADY_IN, FULL, NOT_SAFE = 6, 7, 8, 10, 11


@answers("galleries.create")
def create(call: Call) -> Answer:
    """Create a gallery, optionally with a photo; return its id, or with `full_result` all of it."""
    if not call.text("title"):
        raise call.fail(2)
    store, number = call.store, call.store.next_id()
    whole = find.full_id(call.me, number)
    store.insert(
        "galleries",
        id=whole,
        owner=call.me,
        title=call.text("title"),
        description=call.text("description"),
        created=store.current_time(),
        updated=store.current_time(),
    )
    if call.text("primary_photo_id"):
        _add_primary_photo(call, whole)
    if call.flag("full_result"):
        row = store.one("SELECT * FROM galleries WHERE id = :id", id=whole)
        assert row is not None
        return {"gallery": galleries.gallery_answer(call, row)}
    address = addresses.gallery_page(call.base, find.caller(call), number)
    return {"gallery": {"id": whole, "gallery_id": str(number), "url": address}}


@answers("galleries.editMeta")
def edit_meta(call: Call) -> Answer:
    """Change the title, and the description if it is given, even if empty."""
    row = galleries.find_own_gallery(call)
    if not call.text("title"):
        raise call.fail(2)
    call.store.run(
        "UPDATE galleries SET title = :title, description = :description WHERE id = :id",
        title=call.text("title"),
        description=call.text("description")
        if "description" in call.arguments
        else row["description"],
        id=row["id"],
    )
    galleries.touch_gallery(call, row)
    return {}


def _add_primary_photo(call: Call, gallery: str) -> None:
    try:
        photo = find.photo(call, "primary_photo_id")
    except Failure:
        raise call.fail(3) from None
    if photo_objection(call, photo):
        raise call.fail(3)
    store = call.store
    store.insert(
        "gallery_photos", gallery=gallery, photo=photo["id"], position=0, added=store.current_time()
    )
    store.run(
        "UPDATE galleries SET primary_photo = :photo WHERE id = :id", photo=photo["id"], id=gallery
    )


def photo_objection(call: Call, photo: Row) -> int | None:
    """Return the error code if a photo is not allowed in the caller's galleries, or None."""
    if photo["owner"] == call.me:
        return OWN
    if not photo["ispublic"]:
        return NOT_PUBLIC
    return NOT_SAFE if photo["safety_level"] else None


@answers("galleries.addPhoto")
def add_photo(call: Call) -> Answer:
    """Add another person's photo at the end of a gallery."""
    row, photo = galleries.find_own_gallery(call), find.photo(call)
    members = _order(call, row)
    error = photo_objection(call, photo) or (ALREADY_IN if photo["id"] in members else None)
    if error or len(members) >= galleries.LARGEST:
        raise call.fail(error or FULL)
    call.store.run(
        "INSERT INTO gallery_photos (gallery, photo, position, comment, added) SELECT :gallery,"
        " :photo, coalesce(max(position), -1) + 1, :comment, :now"
        " FROM gallery_photos WHERE gallery = :gallery",
        gallery=row["id"],
        photo=photo["id"],
        comment=call.text("comment"),
        now=call.store.current_time(),
    )
    return _answer_change(call, row)


@answers("galleries.removePhoto")
def remove_photo(call: Call) -> Answer:
    """Remove a photo from a gallery."""
    row = galleries.find_own_gallery(call)
    _remove(call, row, _find_member(call, row))
    return _answer_change(call, row)


@answers("galleries.editPhoto")
def edit_photo(call: Call) -> Answer:
    """Change the comment on a photo; an empty text removes it."""
    row = galleries.find_own_gallery(call)
    call.store.run(
        "UPDATE gallery_photos SET comment = :comment WHERE gallery = :id AND photo = :photo",
        comment=call.text("comment"),
        id=row["id"],
        photo=_find_member(call, row),
    )
    galleries.touch_gallery(call, row)
    return {}


@answers("galleries.editPhotos")
def edit_photos(call: Call) -> Answer:
    """Replace the photos, their order and the primary photo; photos that stay keep their comments."""
    row = galleries.find_own_gallery(call)
    photos = list(dict.fromkeys(find.parse_id(item) for item in call.items("photo_ids")))
    members = _order(call, row)
    primary = find.parse_id(call.text("primary_photo_id"))
    allowed = len(photos) <= galleries.LARGEST and primary in photos
    if not allowed or not all(photo in members or _may_add(call, photo) for photo in photos):
        raise call.unknown("photo_ids")
    for photo in set(members) - set(photos):
        _remove(call, row, photo)
    call.store.many(
        "INSERT INTO gallery_photos (gallery, photo, position, added) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET position = excluded.position",
        (
            (row["id"], photo, place, call.store.current_time())
            for place, photo in enumerate(photos)
        ),
    )
    call.store.run(
        "UPDATE galleries SET primary_photo = :photo WHERE id = :id", photo=primary, id=row["id"]
    )
    galleries.touch_gallery(call, row)
    return {}


def _answer_change(call: Call, row: Row) -> Answer:
    galleries.touch_gallery(call, row)
    if not call.flag("full_response"):
        return {}
    changed = call.store.one("SELECT * FROM galleries WHERE id = :id", id=row["id"])
    assert changed is not None
    return {"gallery": galleries.gallery_answer(call, changed)}


def _order(call: Call, row: Row) -> list[int]:
    rows = call.store.all(
        "SELECT photo FROM gallery_photos WHERE gallery = :id ORDER BY position", id=row["id"]
    )
    return [each["photo"] for each in rows]


def _find_member(call: Call, row: Row) -> int:
    photo = find.parse_id(call.text("photo_id"))
    if photo not in _order(call, row):
        raise call.unknown("photo_id")
    return photo


def _may_add(call: Call, photo: int) -> bool:
    row = call.store.one("SELECT * FROM photos WHERE id = :id", id=photo)
    return row is not None and photo_objection(call, row) is None


def _remove(call: Call, row: Row, photo: int) -> None:
    call.store.run(
        "DELETE FROM gallery_photos WHERE gallery = :id AND photo = :photo",
        id=row["id"],
        photo=photo,
    )
    call.store.run(
        "UPDATE galleries SET primary_photo = NULL WHERE id = :id AND primary_photo = :photo",
        id=row["id"],
        photo=photo,
    )
