"""Days, as arguments name them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

DAY = 86400  # seconds
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.A)
_SECONDS = re.compile(r"\d{1,11}", re.A)


def start_of_date(text: str) -> int | None:
    """The first second of a date `YYYY-MM-DD` in Unix time; None where the text is no date."""
    if not _DATE.fullmatch(text):
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(day.timestamp())


def start_of_day(text: str) -> int | None:
    """The same of a date, or of the day that a Unix time lies in."""
    if _SECONDS.fullmatch(text):
        return int(text) // DAY * DAY
    return start_of_date(text)
