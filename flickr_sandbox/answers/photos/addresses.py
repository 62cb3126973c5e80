"""The page of a photo, and ids that are made of an owner's number, a photo and a number of its own."""

from __future__ import annotations

from flickr_sandbox.answers import addresses, ids
from flickr_sandbox.call import Call


def photo_page(call: Call, owner: str, photo: int) -> str:
    """The page of a photo; `owner` is an NSID."""
    person = call.store.one("SELECT * FROM people WHERE nsid = :owner", owner=owner)
    assert person is not None
    return f"{addresses.photos(call.base, person)}{photo}/"


def compound(owner: str, photo: int, number: int) -> str:
    """The id of a tag or a comment, as `12345-53000000000-72157600000000000`."""
    return f"{ids.compound(owner, photo)}-{number}"


def parts(given: str) -> tuple[int, int]:
    """The photo and the number in such an id; what names nothing where it is none."""
    found = given.split("-")
    if len(found) != 3:
        return ids.NONE, ids.NONE
    return ids.number(found[1]), ids.number(found[2])
