"""A call of a method, as those who answer it see it."""

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
    """Flickr's answer to a call that it refuses: `stat` fail, a code and a message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} (code {code})")
        self.code = code
        self.message = message


class CommittedFailure(Failure):
    """A refusal that leaves something behind, as that of a photo which must wait for a moderator.

    What was written before it stays, while any other `Failure` undoes it.
    """


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the key, and the person whose token signed the call.

    `nsid` is None without a token. `perms` is the token's level, 0 without one.
    """

    api_key: str = ""
    nsid: str | None = None
    perms: int = 0
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call that has passed key, level and required arguments.

    `arguments` holds every parameter as it came; `base` is the sandbox's own address, without a
    slash at its end.
    """

    method: Method
    arguments: Mapping[str, str]
    caller: Caller
    store: Store
    base: str

    @property
    def me(self) -> str:
        """The NSID of the caller; for methods that need a login."""
        assert self.caller.nsid is not None
        return self.caller.nsid

    def text(self, name: str, default: str = "") -> str:
        """An argument as a text without spaces at its ends; `default` where it is empty."""
        return self.arguments.get(name, "").strip() or default

    def number(self, name: str, default: int, least: int = 0, most: int = 2**53) -> int:
        """An argument as a whole number within limits; `default` where it is none."""
        with contextlib.suppress(ValueError):
            return max(least, min(most, int(self.text(name))))
        return default

    def flag(self, name: str, default: bool = False) -> bool:
        """Whether a switch is on."""
        given = self.text(name).lower()
        return given in TRUE if given else default

    def items(self, name: str) -> list[str]:
        """A list that is joined by commas."""
        return [item for part in self.text(name).split(",") if (item := part.strip())]

    def fail(self, code: int, message: str = "") -> Failure:
        """The failure with a code that the method declares; `message` where Flickr's own differs."""
        return Failure(code, message or self.method.message(code))

    def unknown(self, argument: str) -> Failure:
        """The failure for an argument that names nothing, or is no value that Flickr takes."""
        return Failure(*refusals.unknown(self.method, argument))

    def missing(self, argument: str) -> Failure:
        """The failure for a required argument that is not there."""
        return Failure(*refusals.missing(self.method, argument))
