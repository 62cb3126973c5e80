"""The account's photosets, as tests make them and look at them."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import Library

ME = nsid(0)


def sets_of(library: Library) -> list[dict[str, Any]]:
    """The account's sets, as the account sees them."""
    found: list[dict[str, Any]] = library.call_signed("photosets.getList")["photosets"]["photoset"]
    return found


def photos_in(library: Library, photoset: str) -> list[str]:
    """The ids of the photos of one of the account's sets."""
    answer = library.call_signed("photosets.getPhotos", photoset_id=photoset)
    return [photo["id"] for photo in answer["photoset"]["photo"]]


def all_photos_in(library: Library, photoset: str) -> list[str]:
    """The ids of the photos of a set, however many pages they take."""
    found: list[str] = []
    for page in (1, 2):
        answer = library.call_signed("photosets.getPhotos", photoset_id=photoset, page=page)
        found += [photo["id"] for photo in answer["photoset"]["photo"]]
    return found


def own_photos(library: Library, count: int) -> list[str]:
    """Ids of photos of the account."""
    rows = library.store.all(
        "SELECT id FROM photos WHERE owner = :me ORDER BY id LIMIT :count", me=ME, count=count
    )
    return [str(row["id"]) for row in rows]


def new_set(library: Library, count: int) -> tuple[str, list[str]]:
    """A set of the account's with photos in it."""
    photos = own_photos(library, count)
    made = library.call_signed("photosets.create", title="New", primary_photo_id=photos[0])
    for photo in photos[1:]:
        library.call_signed(
            "photosets.addPhoto", photoset_id=made["photoset"]["id"], photo_id=photo
        )
    return made["photoset"]["id"], photos
