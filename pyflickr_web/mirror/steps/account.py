"""Find the person whose account is mirrored: the one who signs the calls, or another one."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from pyflickr_web.mirror.layout import is_nsid
from pyflickr_web.mirror.metadata.photo_info import SITE, read_content
from pyflickr_web.mirror.pacing.calls import Calls
from pyflickr_web.mirror.session.session import Account
from pyflickr_web.transports.errors import LoginError, NotFoundError, UnavailableError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

# The address of a person's photos or profile, with the NSID or the name that they chose for it.
_ADDRESS = re.compile(r"\S*/(?:photos|people)/([^/?#\s]+)")


def find_account(calls: Calls, user: str | None) -> Flow:
    """Return the `Account` to mirror; a flow.

    `user` is an NSID, a name, or an address of photos or a profile; None for the person who signs the
    calls. Raises `LoginError` if nobody does, and `NotFoundError` for an unknown person.
    """
    own: tuple[str, str] | None = None
    if calls.is_signed:
        own = yield from _ask(calls, "flickr.test.login", {})
    if user is None or user == "me":
        if own is None:
            raise LoginError(
                "downsync needs a login, or the option user: use Flickr.authenticate(…)",
                method="flickr.test.login",
            )
        return Account(own[0], own[1], is_signed_in=True)
    if own and user in own:
        return Account(own[0], own[1], is_signed_in=True)
    try:
        nsid, username = yield from _find_person(calls, user)
    except NotFoundError as error:
        raise NotFoundError(
            f"downsync: Flickr has no user {user!r}: give user (--user) an NSID, a name, or the "
            "address of a person's photos",
            error.code,
            error.method,
            error.status,
        ) from None
    return Account(nsid, username, is_signed_in=own is not None and nsid == own[0])


def _find_person(calls: Calls, user: str) -> Flow:
    """Return the NSID and the name of a person; a flow."""
    address = _ADDRESS.match(user)
    name = unquote(address[1]) if address else user
    if is_nsid(name):
        return (yield from _ask(calls, "flickr.people.getInfo", {"user_id": name}, "person"))
    if not address:
        # It may be the name in the addresses of a person, which is another one.
        with suppress(NotFoundError):
            return (yield from _ask(calls, "flickr.people.findByUsername", {"username": name}))
    url = f"{SITE}/photos/{quote(name, safe='')}/"
    return (yield from _ask(calls, "flickr.urls.lookupUser", {"url": url}))


def _ask(calls: Calls, method: str, values: dict[str, Any], key: str = "user") -> Flow:
    """Return the NSID and the name in an answer."""
    answer = yield from calls.call(method, values)
    person: Any = answer.get(key)
    person = person if isinstance(person, dict) else {}
    nsid = person.get("nsid") or person.get("id")
    if not is_nsid(nsid):
        raise UnavailableError(f"{method}: the answer describes no person", method=method)
    return nsid, read_content(person.get("username"))
