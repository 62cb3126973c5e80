"""Search for photos."""

from __future__ import annotations

from typing import Any

from tests.sandbox.library import Library

Photo = dict[str, Any]
EVERYTHING = "description,tags,license,geo,date_upload,date_taken,media,views,machine_tags"


def search(library: Library, person: int | None = 0, **arguments: Any) -> list[Photo]:
    """Search as a person, or with the key alone if None; return up to 500 photos."""
    arguments = {"per_page": 500, "extras": EVERYTHING, **arguments}
    if person is None:
        answer = library.call_public("photos.search", **arguments)
    else:
        answer = library.call_as(person, "photos.search", **arguments)
    assert answer["stat"] == "ok", answer
    photos: list[Photo] = answer["photos"]["photo"]
    return photos


def searchable_text(photo: Photo) -> str:
    """Return the text in which a search finds words."""
    texts = (photo["title"], photo["description"]["_content"], photo["tags"])
    return " ".join(texts).lower()
