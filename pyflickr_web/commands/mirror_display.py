"""The tables and descriptions of `pyflickr-web mirror` for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyflickr_web.mirror.index.json_values import (
    read_date,
    read_integer,
    read_object,
    read_objects,
    read_text,
)
from pyflickr_web.transports.text import printable

Item = Mapping[str, Any]
# The lengths of Flickr's ids.
_PHOTO_ID, _ALBUM_ID, _COLLECTION_ID = 11, 17, 29
_LABEL = 12
_UNKNOWN_DATE = "----------"


def format_photo_row(photo: Item, shows_taken: bool) -> str:
    """Return a line of a table: the date of the upload or the date taken, the id, the title."""
    dates = read_object(photo, "dates")
    # `taken` is a text, with the time of the camera.
    taken = read_text(dates, "taken")[: len(_UNKNOWN_DATE)] or _UNKNOWN_DATE
    day = taken if shows_taken else _read_day(dates, "posted")
    return _join(day, read_text(photo, "id").ljust(_PHOTO_ID), read_text(photo, "title"))


def format_album_row(album: Item) -> str:
    """Return a line of a table: the date of creation, the id, the number of photos, the title."""
    album_id, count = read_text(album, "id").ljust(_ALBUM_ID), f"{_count_photos(album):>6}"
    return _join(_read_day(album, "date_create"), album_id, count, read_text(album, "title"))


def format_collection_row(collection: Item) -> str:
    """Return a line of a table: the id, the title."""
    return _join(read_text(collection, "id").ljust(_COLLECTION_ID), read_text(collection, "title"))


def describe_photo(photo: Item, albums: Mapping[str, Item]) -> Iterator[str]:
    """Yield the lines that describe a photo."""
    dates = read_object(photo, "dates")
    tags = read_objects(read_object(photo, "tags"), "tag")
    yield read_text(photo, "title")
    yield from _describe("id", read_text(photo, "id"))
    yield from _describe("description", read_text(photo, "description"))
    yield from _describe("taken", read_text(dates, "taken"))
    yield from _describe("posted", _read_day(dates, "posted"))
    yield from _describe("visible to", _describe_visibility(photo))
    yield from _describe("tags", ", ".join(read_text(tag, "raw") for tag in tags))
    yield from _describe("views", read_text(photo, "views"))
    for place in photo["sets"]:
        title = read_text(albums[place["id"]], "title") if place["id"] in albums else ""
        yield from _describe("album", f"{place['id']}  {title}")
    for group in read_objects(photo["contexts"], "pool"):
        yield from _describe("group", f"{read_text(group, 'id')}  {read_text(group, 'title')}")
    for url in read_objects(read_object(photo, "urls"), "url")[:1]:
        yield from _describe("page", read_text(url, "_content"))
    for path in photo["files"].values():
        yield from _describe("file", path)
    for comment in read_objects(photo, "comments"):
        author, text = read_text(comment, "authorname"), read_text(comment, "_content")
        yield from _describe("comment", f"{_read_day(comment, 'datecreate')}  {author}: {text}")


def describe_album(album: Item) -> Iterator[str]:
    """Yield the lines that describe an album, without its photos."""
    yield read_text(album, "title")
    yield from _describe("id", read_text(album, "id"))
    yield from _describe("description", read_text(album, "description"))
    yield from _describe("created", _read_day(album, "date_create"))
    yield from _describe("changed", _read_day(album, "date_update"))
    yield from _describe("photos", str(_count_photos(album)))


def describe_collection(collection: Item) -> Iterator[str]:
    """Yield the lines that describe a collection, with the collections and albums in it."""
    yield f"{read_text(collection, 'title')}  ({read_text(collection, 'id')})"
    lines = [read_text(collection, "description")]
    for child in read_objects(collection, "collection"):
        lines += describe_collection(child)
    for album in read_objects(collection, "set"):
        lines.append(f"{read_text(album, 'id')}  {read_text(album, 'title')}")
    yield from (f"  {line}" for line in lines if line)


def _describe(label: str, value: str) -> Iterator[str]:
    if value:
        yield f"{label.ljust(_LABEL)}{value}"


def _describe_visibility(photo: Item) -> str:
    visibility = read_object(photo, "visibility")
    if read_integer(visibility, "ispublic") == 1:
        return "everyone"
    names = {"isfriend": "friends", "isfamily": "family"}
    viewers = [text for name, text in names.items() if read_integer(visibility, name) == 1]
    return " and ".join(viewers) or "you"


def _join(*columns: str) -> str:
    return printable("  ".join(columns)).rstrip()


def _read_day(item: Item, name: str) -> str:
    """Return the day of a time in Unix seconds, in UTC."""
    date = read_date(item, name)
    return date[:10] if date else _UNKNOWN_DATE


def _count_photos(album: Item) -> int:
    photos = album.get("photos")
    return len(photos) if isinstance(photos, list) else 0
