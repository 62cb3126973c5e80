"""`flickr.photosets.*` that change photosets, their photos and their order.

Triggers in `store/triggers.sql` delete a set without photos, and choose a new primary photo when the
old one is removed or deleted.
"""

from __future__ import annotations

from flickr_sandbox.answers import addresses, find
from flickr_sandbox.answers.photosets import sets
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

_LAST = "SELECT coalesce(max(position), -1) FROM photoset_photos WHERE photoset = :id"


@answers("photosets.create")
def create(call: Call) -> Answer:
    """Create a set with one photo, as the first of the caller's sets."""
    if not call.text("title"):
        raise call.missing("title")
    photo = find.own_photo(call, "primary_photo_id")
    store, number = call.store, call.store.next_id()
    first = store.value("SELECT min(position) FROM photosets WHERE owner = :me", me=call.me)
    store.insert(
        "photosets",
        id=number,
        owner=call.me,
        title=call.text("title"),
        description=call.text("description"),
        primary_photo=photo["id"],
        position=(first or 0) - 1,
        created=store.current_time(),
        updated=store.current_time(),
    )
    store.insert("photoset_photos", photoset=number, photo=photo["id"], position=0)
    address = addresses.photoset_page(call.base, find.caller(call), number)
    return {"photoset": {"id": str(number), "url": address}}


@answers("photosets.editMeta")
def edit_meta(call: Call) -> Answer:
    """Change the title, and the description if it is given, even if empty."""
    photoset = sets.find_own_photoset(call)
    if not call.text("title"):
        raise call.missing("title")
    call.store.run(
        "UPDATE photosets SET title = :title, description = :description WHERE id = :id",
        title=call.text("title"),
        description=call.text("description")
        if "description" in call.arguments
        else photoset["description"],
        id=photoset["id"],
    )
    sets.touch_photoset(call, photoset)
    return {}


@answers("photosets.delete")
def delete(call: Call) -> Answer:
    """Delete a set, but not its photos."""
    call.store.run("DELETE FROM photosets WHERE id = :id", id=sets.find_own_photoset(call)["id"])
    return {}


@answers("photosets.orderSets")
def order_sets(call: Call) -> Answer:
    """Sort the caller's sets: the listed ones first, then the others by id."""
    rows = call.store.all("SELECT id FROM photosets WHERE owner = :me ORDER BY id", me=call.me)
    own = [row["id"] for row in rows]
    # For a set that is listed twice, the first position counts.
    listed = list(dict.fromkeys(find.parse_id(item) for item in call.items("photoset_ids")))
    if not set(listed) <= set(own):
        raise call.unknown("photoset_ids")
    order = [*listed, *(number for number in own if number not in set(listed))]
    call.store.many("UPDATE photosets SET position = ? WHERE id = ?", enumerate(order))
    return {}


@answers("photosets.setPrimaryPhoto")
def set_primary_photo(call: Call) -> Answer:
    """Change a set's primary photo."""
    photoset, photo = sets.find_own_photoset(call), find.own_photo(call)
    changed = call.store.run(
        "UPDATE photosets SET primary_photo = :photo WHERE id = :id AND EXISTS"
        " (SELECT 1 FROM photoset_photos WHERE photoset = :id AND photo = :photo)",
        id=photoset["id"],
        photo=photo["id"],
    )
    if not changed:
        raise call.unknown("photo_id")
    sets.touch_photoset(call, photoset)
    return {}


@answers("photosets.addPhoto")
def add_photo(call: Call) -> Answer:
    """Add a photo at the end of a set."""
    photoset, photo = sets.find_own_photoset(call), find.own_photo(call)
    members = _order(call, photoset)
    if photo["id"] in members:
        raise call.fail(3)
    if len(members) >= sets.LARGEST:
        raise call.fail(10)
    call.store.insert(
        "photoset_photos",
        photoset=photoset["id"],
        photo=photo["id"],
        position=call.store.value(_LAST, id=photoset["id"]) + 1,
    )
    sets.touch_photoset(call, photoset)
    return {}


@answers("photosets.removePhoto")
def remove_photo(call: Call) -> Answer:
    """Remove a photo from a set."""
    photoset, photo = sets.find_own_photoset(call), find.own_photo(call)
    sets.touch_photoset(call, photoset)
    if not _remove(call, photoset, photo["id"]):
        raise call.fail(3)
    return {}


@answers("photosets.removePhotos")
def remove_photos(call: Call) -> Answer:
    """Remove photos from a set; photos that are not in it are ignored."""
    photoset = sets.find_own_photoset(call)
    photos = _own_photos(call)
    sets.touch_photoset(call, photoset)
    for photo in photos:
        _remove(call, photoset, photo)
    return {}


@answers("photosets.editPhotos")
def edit_photos(call: Call) -> Answer:
    """Replace the photos of a set, their order and the primary photo."""
    photoset = sets.find_own_photoset(call)
    if not call.items("photo_ids"):
        raise call.fail(5)
    photos = _own_photos(call)
    primary = find.parse_id(call.text("primary_photo_id"))
    if not _is_own(call, primary):
        raise call.fail(3)
    if primary not in photos:
        raise call.fail(4)
    # Add photos first: a trigger deletes an empty set.
    _place(call, photoset, photos)
    for photo in set(_order(call, photoset)) - set(photos):
        _remove(call, photoset, photo)
    call.store.run(
        "UPDATE photosets SET primary_photo = :primary WHERE id = :id",
        primary=primary,
        id=photoset["id"],
    )
    sets.touch_photoset(call, photoset)
    return {}


@answers("photosets.reorderPhotos")
def reorder_photos(call: Call) -> Answer:
    """Move the listed photos to the front of a set; the others keep their order."""
    photoset, photos = sets.find_own_photoset(call), _own_photos(call)
    members = _order(call, photoset)
    if not set(photos) <= set(members):
        raise call.unknown("photo_ids")
    listed = set(photos)
    _place(call, photoset, [*photos, *(photo for photo in members if photo not in listed)])
    sets.touch_photoset(call, photoset)
    return {}


def _order(call: Call, photoset: Row) -> list[int]:
    rows = call.store.all(
        "SELECT photo FROM photoset_photos WHERE photoset = :id ORDER BY position",
        id=photoset["id"],
    )
    return [row["photo"] for row in rows]


def _place(call: Call, photoset: Row, photos: list[int]) -> None:
    call.store.many(
        "INSERT INTO photoset_photos (photoset, photo, position) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET position = excluded.position",
        ((photoset["id"], photo, position) for position, photo in enumerate(photos)),
    )


def _remove(call: Call, photoset: Row, photo: int) -> int:
    return call.store.run(
        "DELETE FROM photoset_photos WHERE photoset = :id AND photo = :photo",
        id=photoset["id"],
        photo=photo,
    )


def _own_photos(call: Call) -> list[int]:
    photos = list(dict.fromkeys(find.parse_id(item) for item in call.items("photo_ids")))
    if not all(_is_own(call, photo) for photo in photos):
        raise call.unknown("photo_ids")
    return photos


def _is_own(call: Call, photo: int) -> bool:
    owner = call.store.value("SELECT owner FROM photos WHERE id = :id", id=photo)
    return bool(owner == call.me)
