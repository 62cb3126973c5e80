"""Create and list galleries of the account."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import Library

ME = nsid(0)


def galleries_of(library: Library, **arguments: Any) -> list[dict[str, Any]]:
    """List the account's galleries."""
    answer = library.call_public("galleries.getList", user_id=ME, **arguments)
    found: list[dict[str, Any]] = answer["galleries"]["gallery"]
    return found


def photos_in(library: Library, gallery: str) -> list[dict[str, Any]]:
    """List the photos of a gallery."""
    answer = library.call_public("galleries.getPhotos", gallery_id=gallery, per_page=500)
    found: list[dict[str, Any]] = answer["photos"]["photo"]
    return found


def photos_of_others(
    library: Library, condition: str = "ispublic AND safety_level = 0"
) -> list[str]:
    """Return ids of photos of other people."""
    rows = library.store.all(
        f"SELECT id FROM photos WHERE owner <> :me AND {condition} ORDER BY id LIMIT 8", me=ME
    )
    return [str(row["id"]) for row in rows]


def new_gallery(library: Library, count: int) -> tuple[str, list[str]]:
    """Create a gallery with photos; return the ids of both."""
    made = library.call_signed("galleries.create", title="Neu", description="")["gallery"]["id"]
    photos = photos_of_others(library)[:count]
    for photo in photos:
        assert (
            library.call_signed("galleries.addPhoto", gallery_id=made, photo_id=photo)["stat"]
            == "ok"
        )
    return made, photos
