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


def unix(given: str) -> int | None:
    """Parse a time into Unix seconds; a date is its first second, in UTC. None if it is invalid."""
    if _UNIX.fullmatch(given):
        return int(given)
    found = _MYSQL.fullmatch(given)
    if not found:
        return None
    try:
        return int(datetime(*(int(part or 0) for part in found.groups()), tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        return None


def mysql(given: str) -> str | None:
    """Parse a time into MySQL's format, which sorts by time. None if it is invalid."""
    found = unix(given)
    if found is None:
        return None
    try:
        return text(found)
    except (ValueError, OverflowError, OSError):
        return None


def text(seconds: int) -> str:
    """Return a time in Unix seconds in MySQL's format, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime(_FORM)


def start_of_date(given: str) -> int | None:
    """Return the first second of a date `YYYY-MM-DD` as Unix time, or None if it is invalid."""
    if not _DATE.fullmatch(given):
        return None
    try:
        day = datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(day.timestamp())


def start_of_day(given: str) -> int | None:
    """Return the first second of a date, or of the day of a Unix time; None if it is invalid."""
    if _SECONDS.fullmatch(given):
        return int(given) // DAY * DAY
    return start_of_date(given)
