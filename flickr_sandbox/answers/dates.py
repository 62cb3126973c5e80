"""Dates in arguments: Unix seconds, or MySQL's form `YYYY-MM-DD HH:MM:SS`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MYSQL = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d))?)?(?: ?UTC| ?GMT|Z)?")
_UNIX = re.compile(r"-?\d{1,12}")
_FORM = "%Y-%m-%d %H:%M:%S"


def unix(text: str) -> int | None:
    """A moment in Unix seconds; a date alone is its first second, in UTC. None where it is no date."""
    if _UNIX.fullmatch(text):
        return int(text)
    found = _MYSQL.fullmatch(text)
    if not found:
        return None
    try:
        return int(datetime(*(int(part or 0) for part in found.groups()), tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        return None


def mysql(text: str) -> str | None:
    """The same moment in MySQL's form, in which texts sort by time. None where it is no date."""
    found = unix(text)
    if found is None:
        return None
    try:
        return datetime.fromtimestamp(found, UTC).strftime(_FORM)
    except (ValueError, OverflowError, OSError):
        return None
