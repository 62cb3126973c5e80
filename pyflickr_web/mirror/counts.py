"""Write numbers of things for messages: `1 photo`, `2,000 photos`."""

from __future__ import annotations


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun, which has a plural with an s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
