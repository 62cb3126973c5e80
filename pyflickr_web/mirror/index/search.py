"""Find photos of a mirror by text, tags, album and dates: the query of the index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyflickr_web.mirror.index.json_values import replace_surrogates
from pyflickr_web.mirror.metadata.photo_info import clean_tag
from pyflickr_web.transports.errors import ArgumentError

# Flickr has months and days of 00 for photos of an uncertain date.
_DATE = re.compile(r"\d{4}(-(0\d|1[0-2])(-([0-2]\d|3[01]))?)?", re.ASCII)
_WORD = re.compile(r"\w+")
# Sorts after every character of a date, so that `2019~` follows all dates of 2019.
_AFTER_DATES = "~"


@dataclass(frozen=True, slots=True)
class Search:
    """The conditions that photos must all meet.

    `taken` and `posted` are a date, `2019`, `2019-05` or `2019-05-04`, or a range of two, of which one
    may be missing: `2019-05..2019-07`, `2019..`. `photosets` are ids.
    """

    text: str = ""
    tags: Sequence[str] = ()
    photosets: Sequence[str] | None = None
    taken: str = ""
    posted: str = ""
    has_private: bool = False


def make_query(search: Search) -> tuple[str, list[object]]:
    """Return a query for the ids of photos, with its values.

    Photos of a single photoset have its order, others the newest first. Raises `ArgumentError`.
    """
    conditions: list[str] = [] if search.has_private else ["photos.is_public"]
    values: list[object] = []
    tables, order = "photos", "photos.posted DESC, photos.id DESC"
    if search.photosets is not None:
        marks = ", ".join("?" * len(search.photosets))
        if len(search.photosets) == 1:
            tables += " JOIN photoset_photos AS place ON place.photo = photos.id"
            conditions.append(f"place.photoset IN ({marks})")
            order = "place.position"
        else:
            members = f"SELECT photo FROM photoset_photos WHERE photoset IN ({marks})"
            conditions.append(f"photos.id IN ({members})")
        values += map(int, search.photosets)
    if search.text:
        found = "SELECT rowid FROM photos_fts WHERE photos_fts MATCH ?"
        conditions.append(f"photos.id IN ({found})")
        values.append(make_text_query(search.text))
    for tag in _check_tags(search.tags):
        conditions.append("photos.id IN (SELECT photo FROM tags WHERE tag IN (?, ?))")
        values += [replace_surrogates(one) for one in (tag.strip().lower(), clean_tag(tag))]
    for column in ("taken", "posted"):
        for operator, bound in read_range(column, getattr(search, column)):
            conditions.append(f"photos.{column} {operator} ?")
            values.append(bound)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT photos.id FROM {tables}{where} ORDER BY {order}", values


def _check_tags(tags: Sequence[str]) -> Sequence[str]:
    """Return tags. Raises `ArgumentError` for other values than texts."""
    if not all(isinstance(tag, str) for tag in tags):
        raise ArgumentError(f"invalid tags {tags!r}: use a list of texts")
    return tags


def make_text_query(text: str) -> str:
    """Return the query of FTS5 for photos with all words of a text, or words that begin with them."""
    words = _WORD.findall(text) if isinstance(text, str) else ()
    if not words:
        raise ArgumentError(f"invalid text {text!r}: it has no word to search for")
    return " ".join(f'"{word}"*' for word in words)


def read_range(name: str, text: str) -> list[tuple[str, str]]:
    """Return the conditions of a date or a range of dates: operators and bounds."""
    if not text:
        return []
    first, dots, last = text.partition("..") if isinstance(text, str) else ("", "", "")
    last = last if dots else first
    is_empty = not (first or last)
    if is_empty or any(date and not _DATE.fullmatch(date) for date in (first, last)):
        raise ArgumentError(
            f"invalid {name} date {text!r}: use e.g. 2019, 2019-05-04, 2019-05..2019-07 or 2019.."
        )
    if first and last and first > last + _AFTER_DATES:
        raise ArgumentError(f"invalid {name} date {text!r}: the range ends before it begins")
    conditions = [(">=", first)] if first else []
    return conditions + ([("<=", last + _AFTER_DATES)] if last else [])
