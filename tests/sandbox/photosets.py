"""Create and list photosets of the account."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import Library

ME = nsid(0)


def sets_of(library: Library) -> list[dict[str, Any]]:
    """List the account's sets, as the account sees them."""
    found: list[dict[str, Any]] = library.call_signed("photosets.getList")["photosets"]["photoset"]
    return found


def photos_in(library: Library, photoset: str) -> list[str]:
    """Return the ids on the first page of a set's photos."""
    answer = library.call_signed("photosets.getPhotos", photoset_id=photoset)
    return [photo["id"] for photo in answer["photoset"]["photo"]]


def all_photos_in(library: Library, photoset: str) -> list[str]:
    """Return the ids of a set's photos, on up to two pages."""
    found: list[str] = []
    for page in (1, 2):
        answer = library.call_signed("photosets.getPhotos", photoset_id=photoset, page=page)
        found += [photo["id"] for photo in answer["photoset"]["photo"]]
    return found


def own_photos(library: Library, count: int) -> list[str]:
    """Return ids of the account's photos."""
    rows = library.store.all(
        "SELECT id FROM photos WHERE owner = :me ORDER BY id LIMIT :count", me=ME, count=count
    )
    return [str(row["id"]) for row in rows]


def new_set(library: Library, count: int) -> tuple[str, list[str]]:
    """Create a set with photos; return the ids of both."""
    photos = own_photos(library, count)
    made = library.call_signed("photosets.create", title="New", primary_photo_id=photos[0])
    for photo in photos[1:]:
        library.call_signed(
            "photosets.addPhoto", photoset_id=made["photoset"]["id"], photo_id=photo
        )
    return made["photoset"]["id"], photos
