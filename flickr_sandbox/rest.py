"""`/services/rest/`: check calls and run their handlers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flickr_sandbox import formats, refusals
from flickr_sandbox.call import Call, Caller, CommittedFailure, Failure
from flickr_sandbox.formats import Body, Format
from flickr_sandbox.intercept.hosts import Bases
from flickr_sandbox.reflection import Method, find_method
from flickr_sandbox.registry import Entry, Handler
from flickr_sandbox.store import Store

_KEY = re.compile(r"[0-9a-f]{32}")
_LEVELS = ("none", "read", "write", "delete")
NO_KEY = "Invalid API Key (Key has invalid format)"
UNKNOWN_KEY = "Invalid API Key (Key not found)"


@dataclass(frozen=True, slots=True)
class RestApi:
    """Answers calls from one library with the handlers in `entries`.

    `bases` are the addresses that answers contain.
    """

    store: Store
    bases: Bases
    entries: Mapping[str, Entry]

    def answer(self, arguments: dict[str, str], caller: Caller) -> Body:
        """Return the answer to a call, failures included, in the requested format."""
        try:
            form = formats.parse_format(arguments)
        except Failure as failed:
            return formats.format_failure(formats.Format(), failed)
        try:
            check_key(self.store, arguments.get("api_key") or caller.api_key)
            method = _method(arguments.get("method", ""))
            check_level(method, caller)
            bases = self.bases
            call = Call(method, arguments, caller, self.store, bases.pages, bases.files)
            check_arguments(call)
            with self.store.transaction():
                return run_handler(form, call, self.entries[method.name].handler)
        except Failure as failed:
            return formats.format_failure(form, failed)

    def refuse(self, arguments: dict[str, str], failed: Failure) -> Body:
        """Return a failure that happened before the call was parsed, in the requested format."""
        try:
            return formats.format_failure(formats.parse_format(arguments), failed)
        except Failure as unknown:
            return formats.format_failure(formats.Format(), unknown)


def is_key(key: str) -> bool:
    """Return True if a text has the format of an API key."""
    return bool(_KEY.fullmatch(key))


def run_handler(form: Format, call: Call, handler: Handler) -> Body:
    """Run a method's handler and format its answer. Raises its `Failure`, unless it is committed."""
    try:
        return formats.format_answer(form, handler(call))
    except CommittedFailure as failure:
        return formats.format_failure(form, failure)


def check_key(store: Store, key: str) -> None:
    """Raise `Failure` 100 for an unknown API key."""
    if not is_key(key):
        raise Failure(100, NO_KEY)
    if not store.one("SELECT 1 FROM api_keys WHERE key = :key", key=key):
        raise Failure(100, UNKNOWN_KEY)


def check_perms(perms: int, caller: Caller) -> None:
    """Raise `Failure` 99 if the caller's permission level is too low."""
    if caller.perms < perms:
        needed, granted = _LEVELS[perms], _LEVELS[caller.perms]
        raise Failure(
            99,
            f"Insufficient permissions. Method requires {needed} privileges; {granted} granted.",
        )


def check_level(method: Method, caller: Caller) -> None:
    """Raise `Failure` 97 or 99 for a call without the signature or permissions that it needs."""
    check_perms(method.perms, caller)
    if method.needslogin and not caller.nsid:
        raise Failure(99, "User not logged in")
    if method.needssigning and not caller.signed:
        raise Failure(97, "Missing signature")


def check_arguments(call: Call) -> None:
    """Raise the failure that the method declares for a missing required argument."""
    for argument in call.method.arguments:
        if not argument.optional and not call.text(argument.name):
            if refusals.may_lack(call.method, argument.name):
                continue
            if (
                argument.name in ("title", "description", "tags", "comment")
                and argument.name in call.arguments
            ):
                continue
            raise call.missing(argument.name)


def _method(name: str) -> Method:
    method = find_method(name)
    if method is None:
        raise Failure(112, f'Method "{name}" not found')
    return method
