"""Ids as numbers. Flickr takes those of galleries, collections and comments whole or by their end."""

from __future__ import annotations

NONE = -1
_MOST_DIGITS = 18  # what SQLite holds


def number(text: str) -> int:
    """The number that an id is; `NONE`, which names nothing, for any other text."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else NONE


def last_number(text: str) -> int:
    """The number at the end of an id like `12345-72157600000000000`, which may lack its front."""
    return number(text.rpartition("-")[2])


def compound(owner: str, number: int) -> str:
    """The whole id of what belongs to a person, by the person's NSID."""
    return f"{owner.partition('@')[0]}-{number}"
