"""Dates and days in arguments: Unix seconds, `YYYY-MM-DD`, or MySQL's form `YYYY-MM-DD HH:MM:SS`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MYSQL = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d))?)?(?: ?UTC| ?GMT|Z)?")
_UNIX = re.compile(r"-?\d{1,12}")
_FORM = "%Y-%m-%d %H:%M:%S"
DAY = 86400  # seconds
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.A)
_SECONDS = re.compile(r"\d{1,11}", re.A)


def unix(text: str) -> int | None:
    """Parse a time into Unix seconds; a date is its first second, in UTC. None if it is invalid."""
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
    """Parse a time into MySQL's format, which sorts by time. None if it is invalid."""
    found = unix(text)
    if found is None:
        return None
    try:
        return datetime.fromtimestamp(found, UTC).strftime(_FORM)
    except (ValueError, OverflowError, OSError):
        return None


def start_of_date(text: str) -> int | None:
    """Return the first second of a date `YYYY-MM-DD` as Unix time, or None if it is invalid."""
    if not _DATE.fullmatch(text):
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(day.timestamp())


def start_of_day(text: str) -> int | None:
    """Return the first second of a date, or of the day of a Unix time; None if it is invalid."""
    if _SECONDS.fullmatch(text):
        return int(text) // DAY * DAY
    return start_of_date(text)
