"""Addresses of a photo's pages, and the ids that are made of several numbers."""

from __future__ import annotations

from pyflickr_web.sandbox.call import Call


def photo_page(call: Call, owner: str, photo: int) -> str:
    """The page of a photo; `owner` is an NSID."""
    return f"{call.base}{photo_path(call, owner, photo)}"


def photo_path(call: Call, owner: str, photo: int) -> str:
    """The path of that page: people go by their alias where they have one."""
    alias = call.store.value("SELECT path_alias FROM people WHERE nsid = :owner", owner=owner)
    return f"/photos/{alias or owner}/{photo}/"


def compound(owner: str, photo: int, number: int) -> str:
    """The id of a tag or a comment: its owner's number, its photo, and what is its own."""
    return f"{owner.partition('@')[0]}-{photo}-{number}"


def parts(given: str) -> tuple[int, int] | None:
    """The photo and the number in such an id; None where it is none."""
    found = given.split("-")
    if len(found) != 3 or not all(_is_number(part) for part in found):
        return None
    return int(found[1]), int(found[2])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
