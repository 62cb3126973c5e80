"""Read values of any type out of JSON that other programs may have written, or people edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pyflickr_web.mirror.metadata.photo_info import read_content

Item = Mapping[str, Any]
# The largest integer of SQLite.
LARGEST_INTEGER = 2**63 - 1
# The last second of the year 9999.
_LATEST_DATE = 253402300799
_DATE_LENGTH = len("2019-05-04 12:00:00")


def read_object(item: Item, name: str) -> Item:
    """Return the object at a key; an empty one for other values."""
    value = item.get(name)
    # Not `Mapping`, which takes ten times as long to check.
    return value if isinstance(value, dict) else {}


def read_objects(item: Item, name: str) -> list[Item]:
    """Return the objects in the list at a key, without other values."""
    value = item.get(name)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def read_text(item: Item, name: str) -> str:
    """Return the text at a key, plain or as `_content`, in a form that UTF-8 has."""
    value = item.get(name)
    return replace_surrogates(value if isinstance(value, str) else read_content(value))


def replace_surrogates(text: str) -> str:
    """Return a text in a form that UTF-8 has: JSON and names of files may have lone surrogates."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def read_integer(item: Item, name: str) -> int | None:
    """Return the number at a key, maybe written as text; None for other values and larger numbers."""
    try:
        value = int(item.get(name, ""))
    except (TypeError, ValueError, OverflowError):
        return None
    return value if abs(value) <= LARGEST_INTEGER else None


def read_number(item: Item, name: str) -> float | None:
    """Return the number at a key, maybe written as text; None for other values."""
    try:
        return float(item.get(name, ""))
    except (TypeError, ValueError, OverflowError):
        return None


def read_date(item: Item, name: str) -> str | None:
    """Return the time at a key, in Unix seconds, as `2019-05-04 12:00:00` in UTC; None if invalid."""
    seconds = read_integer(item, name)
    if seconds is None or not 0 <= seconds <= _LATEST_DATE:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ")[:_DATE_LENGTH]
