"""A call of a method, as its handler receives it, and the errors that a handler raises."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flickr_sandbox import refusals
from flickr_sandbox.reflection import Method
from flickr_sandbox.store import Store

Answer = dict[str, Any]
TRUE = ("1", "true", "yes")


class Failure(Exception):
    """An error that Flickr answers: `stat` is fail, with a code and a message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} (code {code})")
        self.code = code
        self.message = message


class CommittedFailure(Failure):
    """A failure whose transaction is committed; any other `Failure` rolls it back.

    For example, a photo that must wait for a moderator is stored, and the call fails.
    """


@dataclass(frozen=True, slots=True)
class Caller:
    """The API key of a call, and the person whose token signed it.

    `nsid` is None without a token. `perms` is the token's permission level, 0 without a token.
    """

    api_key: str = ""
    nsid: str | None = None
    perms: int = 0
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call with a valid key, sufficient permissions and all required arguments.

    `arguments` are all parameters as received. `base` is the address of pages in answers, and
    `file_base` that of photo files, without a trailing slash.
    """

    method: Method
    arguments: Mapping[str, str]
    caller: Caller
    store: Store
    base: str
    file_base: str

    @property
    def me(self) -> str:
        """The NSID of the caller, for methods that need a login."""
        assert self.caller.nsid is not None
        return self.caller.nsid

    def text(self, name: str, default: str = "") -> str:
        """Return an argument without surrounding spaces, or `default` if it is empty."""
        return self.arguments.get(name, "").strip() or default

    def number(self, name: str, default: int, least: int = 0, most: int = 2**53) -> int:
        """Return an argument as an integer, clamped to limits, or `default` if it is not an integer."""
        with contextlib.suppress(ValueError):
            return max(least, min(most, int(self.text(name))))
        return default

    def flag(self, name: str, default: bool = False) -> bool:
        """Return True if a boolean argument is on."""
        given = self.text(name).lower()
        return given in TRUE if given else default

    def items(self, name: str) -> list[str]:
        """Split a comma-separated argument."""
        return [item for part in self.text(name).split(",") if (item := part.strip())]

    def fail(self, code: int, message: str = "") -> Failure:
        """Make the failure with a code that the method declares; `message` replaces the declared one."""
        return Failure(code, message or self.method.message(code))

    def unknown(self, argument: str) -> Failure:
        """Make the failure for an argument with an unknown id or an invalid value."""
        return Failure(*refusals.unknown(self.method, argument))

    def missing(self, argument: str) -> Failure:
        """Make the failure for a missing required argument."""
        return Failure(*refusals.missing(self.method, argument))
