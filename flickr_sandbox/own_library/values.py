"""The kinds of values in a library of one's own: each checks a value and converts it.

Each raises `Invalid`, whose text says what is wrong and what to write instead.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

Convert = Callable[[Any], Any]
_NSID = re.compile(r"\d{1,12}@N\d\d")
_ALIAS = re.compile(r"[\w-]{1,60}")
_UNSENDABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOST_SHOWN = 40


class Invalid(Exception):
    """A value is invalid; the text says why."""


def text(value: Any) -> str:
    """Accept a text of characters that an answer in XML can hold."""
    if isinstance(value, str):
        if found := _UNSENDABLE.search(value):
            raise Invalid(f"the text has the character {found[0]!r}: remove it")
        return value
    if isinstance(value, bool | int | float | date):
        raise Invalid(f"{show(value)} is not a text: put it in quotes")
    raise Invalid(f"{show(value)} is not a text")


def full_text(value: Any) -> str:
    """Accept a text that is not empty."""
    if not text(value).strip():
        raise Invalid("the text is empty")
    return str(value)


def file_name(value: Any) -> str:
    """Accept the path of a file, as a text or, in a mapping, a `Path`."""
    return str(value) if isinstance(value, PurePath) else full_text(value)


def flag(value: Any) -> int:
    """Accept true or false."""
    if not isinstance(value, bool):
        raise Invalid(f"{show(value)} is not a flag: use true or false")
    return int(value)


def integer(least: int, most: int) -> Convert:
    """Return the kind of integers from `least` to `most`."""

    def convert(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise Invalid(f"{show(value)} is not a number from {least} to {most}")
        return int(value)

    return convert


def degrees(most: int) -> Convert:
    """Return the kind of latitudes or longitudes, in degrees."""

    def convert(value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value) or abs(value) > most:
            raise Invalid(f"{show(value)} is not a number of degrees from -{most} to {most}")
        return float(value)

    return convert


def choice(values: Mapping[str, Any]) -> Convert:
    """Return the kind of one of several words; it is converted to the word's value."""

    def convert(value: Any) -> Any:
        if not isinstance(value, str) or value not in values:
            raise Invalid(f"{show(value)} is unknown: use {', '.join(values)}")
        return values[value]

    return convert


def moment(value: Any) -> int:
    """Accept a time as Unix seconds, or in ISO 8601; without an offset it is in UTC."""
    if type(value) is int and 0 <= value < 2**40:
        return int(value)
    found = _datetime(value)
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def local_time(value: Any) -> str:
    """Accept a time in ISO 8601, and convert it to `YYYY-MM-DD HH:MM:SS`."""
    return f"{_datetime(value):%Y-%m-%d %H:%M:%S}"


def nsid(value: Any) -> str:
    """Accept an NSID."""
    if not isinstance(value, str) or not _NSID.fullmatch(value):
        raise Invalid(f"{show(value)} is not an NSID: use e.g. 12345678@N00")
    return value


def alias(value: Any) -> str:
    """Accept the alias of a person or a group, as in addresses."""
    if not isinstance(value, str) or not _ALIAS.fullmatch(value):
        raise Invalid(f"{show(value)} is not an alias: use letters, digits, _ and -")
    return value


def reference(value: Any) -> str:
    """Accept a name or a number that refers to something in the document."""
    if type(value) is int or (isinstance(value, str) and value.strip()):
        return str(value)
    raise Invalid(f"{show(value)} is not a name")


def show(value: Any) -> str:
    """Format a value for a message, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    found = str(value) if isinstance(value, date) else repr(value)
    return found if len(found) <= MOST_SHOWN else f"{found[: MOST_SHOWN - 1]}…"


def _datetime(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid(f"{show(value)} is not a time: use e.g. 2024-02-01 18:30:00") from None
