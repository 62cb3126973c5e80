"""Convert the JSON files of a mirror to rows of its index.

Files may have been written by other programs or edited, so values of any type are accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyflickr_web.mirror.index.json_values import (
    LARGEST_INTEGER,
    read_date,
    read_integer,
    read_number,
    read_object,
    read_objects,
    read_text,
)
from pyflickr_web.mirror.layout import is_photo_id

Item = Mapping[str, Any]
# A table, and the values of a row.
Row = tuple[str, tuple[Any, ...]]


def photo_rows(photo_id: int, item: Item) -> Iterator[Row]:
    """Yield the rows of a photo's metadata."""
    dates, location = read_object(item, "dates"), read_object(item, "location")
    owner = read_object(item, "owner")
    tags = {
        read_text(tag, "_content"): tag for tag in read_objects(read_object(item, "tags"), "tag")
    }
    values = (
        photo_id,
        read_text(item, "title"),
        read_text(item, "description"),
        " ".join(read_text(tag, "raw") for tag in tags.values()),
        read_text(dates, "taken"),
        read_date(dates, "posted"),
        read_date(dates, "lastupdate"),
        int(read_integer(read_object(item, "visibility"), "ispublic") == 1),
        read_text(item, "media"),
        read_integer(item, "license"),
        read_integer(item, "views"),
        read_integer(read_object(item, "comments"), "_content"),
        read_number(location, "latitude"),
        read_number(location, "longitude"),
        read_text(owner, "nsid"),
        read_text(owner, "username"),
        next(
            (read_text(url, "_content") for url in read_objects(read_object(item, "urls"), "url")),
            "",
        ),
    )
    yield "photos", values
    for name, tag in tags.items():
        machine_tag = int(bool(read_integer(tag, "machine_tag")))
        yield "tags", (photo_id, name, read_text(tag, "raw"), read_text(tag, "author"), machine_tag)


def comment_rows(photo_id: int, item: Item) -> Iterator[Row]:
    """Yield the rows of a photo's comments."""
    for comment in read_objects(item, "comment"):
        values = (
            read_text(comment, "id"),
            photo_id,
            read_date(comment, "datecreate"),
            read_text(comment, "author"),
            read_text(comment, "authorname"),
            read_text(comment, "_content"),
        )
        yield "comments", values


def photoset_rows(photoset_id: int, item: Item) -> Iterator[Row]:
    """Yield the rows of a photoset, and of its photos in Flickr's order."""
    photos = _ids(item.get("photos"))
    values = (
        photoset_id,
        read_text(item, "title"),
        read_text(item, "description"),
        read_date(item, "date_create"),
        read_date(item, "date_update"),
        int(read_integer(item, "visibility_can_see_set") == 1),
        len(photos),
        read_integer(item, "count_views"),
        read_integer(item, "primary"),
    )
    yield "photosets", values
    for position, photo_id in enumerate(photos):
        yield "photoset_photos", (photoset_id, position, photo_id)


def collection_rows(collection_id: str, item: Item) -> Iterator[Row]:
    """Yield the rows of a top collection, and of the collections and photosets in it."""
    # Not recursive: a file may nest them deeper than Python's stack.
    pending: list[tuple[str, str | None, Item]] = [(collection_id, None, item)]
    while pending:
        current, parent, values = pending.pop()
        row = (
            current,
            read_text(values, "title"),
            read_text(values, "description"),
            parent,
            collection_id,
        )
        yield "collections", row
        photosets = _ids([photoset.get("id") for photoset in read_objects(values, "set")])
        for position, photoset_id in enumerate(photosets):
            yield "collection_photosets", (current, position, photoset_id)
        pending += [
            (read_text(child, "id"), current, child) for child in read_objects(values, "collection")
        ]


ROWS: dict[str, Callable[[Any, Item], Iterator[Row]]] = {
    "photo": photo_rows,
    "comments": comment_rows,
    "photoset": photoset_rows,
    "collection": collection_rows,
}


def _ids(value: Any) -> list[int]:
    """Return the ids of photos or photosets in a list, each once."""
    rows = value if isinstance(value, list) else []
    ids = dict.fromkeys(int(row) for row in rows if is_photo_id(row))
    return [one for one in ids if one <= LARGEST_INTEGER]
