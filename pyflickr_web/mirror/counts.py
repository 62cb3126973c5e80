"""Write numbers for messages: `1 photo`, `2,000 photos`, `7.4 MB`."""

from __future__ import annotations

_UNITS = ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun, which has a plural with an s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def format_bytes(number: int) -> str:
    """Return a number of bytes with two digits or more, such as `7.4 MB`."""
    if number < 1000:
        return format_count(number, "byte")
    unit, size = next(one for one in _UNITS if number >= one[1])
    value = number / size
    return f"{value:,.{1 if value < 10 else 0}f} {unit}"
