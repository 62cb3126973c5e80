"""`flickr.urls.*`: look up addresses of pages, and make them."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from flickr_sandbox.answers import addresses, find
from flickr_sandbox.answers.galleries import gallery as galleries
from flickr_sandbox.answers.groups import group as groups
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

_FLICKR = re.compile(r"([\w-]+\.)?flickr\.com", re.I)
_SCHEME = re.compile(r"^(https?:)?//", re.I)
_INVALID_GALLERY = (1, "Invalid gallery ID")


@answers("urls.getGroup")
def get_group(call: Call) -> Answer:
    """Return the address of a group."""
    group = groups.find_group(call)
    return {"group": {"nsid": group["nsid"], "url": addresses.group_page(call.base, group)}}


@answers("urls.getUserPhotos")
def get_user_photos(call: Call) -> Answer:
    """Return the address of a person's photos."""
    person = _find_person(call)
    return {"user": {"nsid": person["nsid"], "url": addresses.photos_page(call.base, person)}}


@answers("urls.getUserProfile")
def get_user_profile(call: Call) -> Answer:
    """Return the address of a person's profile."""
    person = _find_person(call)
    return {"user": {"nsid": person["nsid"], "url": addresses.profile_page(call.base, person)}}


@answers("urls.lookupUser")
def lookup_user(call: Call) -> Answer:
    """Return the person of an address of photos or a profile."""
    parts = path_parts(call)
    person = (
        call.store.person_by_name(parts[1])
        if len(parts) > 1 and parts[0] in ("photos", "people")
        else None
    )
    if person is None:
        raise call.unknown("url")
    return {"user": {"id": person["nsid"], "username": {"_content": person["username"]}}}


@answers("urls.lookupGroup")
def lookup_group(call: Call) -> Answer:
    """Return the group of the address of its page or pool."""
    parts = path_parts(call)
    group = (
        groups.find_group_by_name(call, parts[1])
        if len(parts) > 1 and parts[0] == "groups"
        else None
    )
    if group is None:
        raise call.unknown("url")
    return {"group": {"id": group["nsid"], "groupname": {"_content": group["name"]}}}


@answers("urls.lookupGallery")
def lookup_gallery(call: Call) -> Answer:
    """Return the gallery of an address."""
    parts = path_parts(call)
    is_one = len(parts) > 3 and parts[0] == "photos" and parts[2] == "galleries"
    owner = call.store.person_by_name(parts[1]) if is_one else None
    row = galleries.find_gallery_by_id(call, parts[3]) if owner else None
    if row is None or owner is None or row["owner"] != owner["nsid"]:
        raise call.fail(*_INVALID_GALLERY)
    return {"gallery": galleries.whole_gallery(call, row)}


def path_parts(call: Call) -> list[str]:
    """Split the path of the argument `url`: an address of Flickr or the sandbox, or only a path.

    Return an empty list for an address of another host.
    """
    given = _SCHEME.sub("", call.text("url"))
    host, _, rest = given.partition("/")
    is_own_host = host.lower() == urlsplit(call.base).netloc.lower()
    if host and not is_own_host and not _FLICKR.fullmatch(host):
        return []
    return [unquote(part) for part in re.split(r"[?#]", rest)[0].split("/") if part]


def _find_person(call: Call) -> Row:
    if not call.text("user_id") and call.caller.nsid is None:
        raise call.fail(2)
    return find.person(call, default="me")
