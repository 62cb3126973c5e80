"""Searches for photos, as tests ask for them."""

from __future__ import annotations

from typing import Any

from tests.sandbox.library import Library

Photo = dict[str, Any]
EVERYTHING = "description,tags,license,geo,date_upload,date_taken,media,views,machine_tags"


def search(library: Library, person: int | None = 0, **arguments: Any) -> list[Photo]:
    """Up to 500 photos that a person finds; with the key alone for None."""
    arguments = {"per_page": 500, "extras": EVERYTHING, **arguments}
    if person is None:
        answer = library.call_public("photos.search", **arguments)
    else:
        answer = library.call_as(person, "photos.search", **arguments)
    assert answer["stat"] == "ok", answer
    photos: list[Photo] = answer["photos"]["photo"]
    return photos


def searchable_text(photo: Photo) -> str:
    """All that a search for text looks at."""
    texts = (photo["title"], photo["description"]["_content"], photo["tags"])
    return " ".join(texts).lower()
