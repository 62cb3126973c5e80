"""Addresses of Flickr's pages in answers, and the ids of tags and comments."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.call import Call
from flickr_sandbox.store import Row


def path_name(person: Row) -> str:
    """Return the name of a person in addresses: the alias, or the NSID without an alias."""
    return str(person["path_alias"] or person["nsid"])


def photos_page(base: str, person: Row) -> str:
    """Return the address of a person's photos."""
    return f"{base}/photos/{path_name(person)}/"


def profile_page(base: str, person: Row) -> str:
    """Return the address of a person's profile."""
    return f"{base}/people/{path_name(person)}/"


def photoset_page(base: str, person: Row, number: int) -> str:
    """Return the address of a photoset."""
    return f"{photos_page(base, person)}sets/{number}/"


def gallery_page(base: str, person: Row, number: int) -> str:
    """Return the address of a gallery."""
    return f"{photos_page(base, person)}galleries/{number}"


def group_page(base: str, group: Row) -> str:
    """Return the address of a group."""
    return f"{base}/groups/{group['path_alias'] or group['nsid']}/"


def photo_page(call: Call, owner: str, photo: int) -> str:
    """Return the address of a photo; `owner` is an NSID."""
    person = call.store.one("SELECT * FROM people WHERE nsid = :owner", owner=owner)
    assert person is not None
    return f"{photos_page(call.base, person)}{photo}/"


def icon(call: Call, person: Row, size: str = "") -> str:
    """Return the address of a buddy icon; `size` is a letter from s (small) to r (retina)."""
    if person["iconserver"] == "0":
        return f"{call.base}/images/buddyicon.gif"
    suffix = f"_{size}" if size else ""
    return f"{call.file_base}/{person['iconserver']}/buddyicons/{person['nsid']}{suffix}.jpg"


def tag_or_comment_id(owner: str, photo: int, number: int) -> str:
    """Return the id of a tag or comment, such as `12345-53000000000-72157600000000000`."""
    return f"{find.full_id(owner, photo)}-{number}"


def parse_tag_or_comment_id(given: str) -> tuple[int, int]:
    """Parse such an id into photo and number; both are `NO_ID` if it is invalid."""
    found = given.split("-")
    if len(found) != 3:
        return find.NO_ID, find.NO_ID
    return find.parse_id(found[1]), find.parse_id(found[2])
