"""Find the person whose account is mirrored: the one who signs the calls, or another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.layout import is_nsid
from pyflickr_web.mirror.metadata.photo_info import read_content
from pyflickr_web.mirror.pacing.calls import Calls
from pyflickr_web.mirror.session.session import Account
from pyflickr_web.transports.errors import LoginError, UnavailableError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


def find_account(calls: Calls, user: str | None) -> Flow:
    """Return the `Account` to mirror; a flow.

    `user` is an NSID or a name; None for the person who signs the calls. Raises `LoginError` if nobody
    does, and `NotFoundError` for an unknown name.
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
    found: Any = own if own and user in own else None
    if found is None and is_nsid(user):
        found = yield from _ask(calls, "flickr.people.getInfo", {"user_id": user}, "person")
    elif found is None:
        found = yield from _ask(calls, "flickr.people.findByUsername", {"username": user})
    return Account(found[0], found[1], is_signed_in=found == own)


def _ask(calls: Calls, method: str, values: dict[str, Any], key: str = "user") -> Flow:
    """Return the NSID and the name in an answer."""
    answer = yield from calls.call(method, values)
    person = answer.get(key)
    nsid = person.get("nsid") or person.get("id") if isinstance(person, dict) else None
    if not isinstance(nsid, str) or not isinstance(person, dict):
        raise UnavailableError(f"{method}: the answer describes no person", method=method)
    return nsid, read_content(person.get("username"))
