"""The addresses of pages, at the sandbox's own place, as answers name them."""

from __future__ import annotations

from flickr_sandbox.store import Row


def of_person(person: Row) -> str:
    """How an address names a person: by alias, or by NSID where there is none."""
    return str(person["path_alias"] or person["nsid"])


def photos(base: str, person: Row) -> str:
    """The page of a person's photos."""
    return f"{base}/photos/{of_person(person)}/"


def profile(base: str, person: Row) -> str:
    """The page about a person."""
    return f"{base}/people/{of_person(person)}/"


def photoset(base: str, person: Row, number: int) -> str:
    """The page of a photoset."""
    return f"{photos(base, person)}sets/{number}/"


def gallery(base: str, person: Row, number: int) -> str:
    """The page of a gallery."""
    return f"{photos(base, person)}galleries/{number}"


def group(base: str, group: Row) -> str:
    """The page of a group."""
    return f"{base}/groups/{group['path_alias'] or group['nsid']}/"
