"""Whose things a call asks for, where `user_id` may be left out."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.call import Call
from flickr_sandbox.store import Row


def whose(call: Call) -> Row:
    """The person that `user_id` names, the caller where it names nobody.

    Raises the method's failure for an unknown person where there is neither.
    """
    if not call.text("user_id") and call.caller.nsid is None:
        raise call.unknown("user_id")
    return find.person(call, default="me")
