"""Photos put into sets, taken out of them and put in order.

A set whose last photo is taken out goes, and one whose primary photo is taken out gets another:
`store/triggers.sql` sees to both, so that it holds for photos that are deleted too.
"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.photosets import sets
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

_LAST = "SELECT coalesce(max(position), -1) FROM photoset_photos WHERE photoset = :id"


@answers("photosets.addPhoto")
def add_photo(call: Call) -> Answer:
    """A photo at the end of a set."""
    photoset, photo = sets.own(call), find.own_photo(call)
    here = _order(call, photoset)
    if photo["id"] in here:
        raise call.fail(3)
    if len(here) >= sets.LARGEST:
        raise call.fail(10)
    call.store.insert(
        "photoset_photos",
        photoset=photoset["id"],
        photo=photo["id"],
        position=call.store.value(_LAST, id=photoset["id"]) + 1,
    )
    sets.touch(call, photoset)
    return {}


@answers("photosets.removePhoto")
def remove_photo(call: Call) -> Answer:
    """A photo out of a set."""
    photoset, photo = sets.own(call), find.own_photo(call)
    sets.touch(call, photoset)
    if not _remove(call, photoset, photo["id"]):
        raise call.fail(3)
    return {}


@answers("photosets.removePhotos")
def remove_photos(call: Call) -> Answer:
    """Photos out of a set; those that are not in it do not matter."""
    photoset = sets.own(call)
    photos = _own_photos(call)
    sets.touch(call, photoset)
    for photo in photos:
        _remove(call, photoset, photo)
    return {}


@answers("photosets.editPhotos")
def edit_photos(call: Call) -> Answer:
    """Other photos, in another order, with another primary one."""
    photoset = sets.own(call)
    if not call.items("photo_ids"):
        raise call.fail(5)
    photos = _own_photos(call)
    primary = find.parse_id(call.text("primary_photo_id"))
    if not _is_own(call, primary):
        raise call.fail(3)
    if primary not in photos:
        raise call.fail(4)
    # First what comes in: a set that is empty for a moment would go.
    _place(call, photoset, photos)
    for photo in set(_order(call, photoset)) - set(photos):
        _remove(call, photoset, photo)
    call.store.run(
        "UPDATE photosets SET primary_photo = :primary WHERE id = :id",
        primary=primary,
        id=photoset["id"],
    )
    sets.touch(call, photoset)
    return {}


@answers("photosets.reorderPhotos")
def reorder_photos(call: Call) -> Answer:
    """The photos that are listed come first, the others keep their order behind them."""
    photoset, photos = sets.own(call), _own_photos(call)
    here = _order(call, photoset)
    if not set(photos) <= set(here):
        raise call.unknown("photo_ids")
    listed = set(photos)
    _place(call, photoset, [*photos, *(photo for photo in here if photo not in listed)])
    sets.touch(call, photoset)
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
