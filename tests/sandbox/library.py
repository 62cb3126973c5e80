"""Call the sandbox's methods without a socket, as any person and at any time.

Requests are not signed; other tests check signatures over a socket.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flickr_sandbox.answers import entries
from flickr_sandbox.call import Caller
from flickr_sandbox.intercept.hosts import Bases
from flickr_sandbox.rest import RestApi
from flickr_sandbox.store import Store
from flickr_sandbox.store.library import Account, fill
from flickr_sandbox.store.library.people import nsid

BASE = "http://127.0.0.1:8100"
NOON = 1_750_000_000


@dataclass
class Library:
    """A library with a settable clock, and the owner of its API key: the account."""

    photos: int
    now: float = NOON
    store: Store = field(init=False)
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(clock=lambda: self.now)
        self.account = fill(self.store, self.photos, 1)

    def call_public(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call `method`, named without `flickr.`, with the key alone."""
        return self.call(Caller(self.account.api_key), method, arguments)

    def call_signed(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method as the account."""
        return self.call_as(0, method, **arguments)

    def call_as(self, person: int, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method as the person with this number, at level delete."""
        caller = Caller(self.account.api_key, nsid(person), perms=3, signed=True)
        return self.call(caller, method, arguments)

    def call(self, caller: Caller, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a method as `caller`, and return the answer."""
        answer: dict[str, Any] = json.loads(self.answer_text(caller, method, arguments, "json"))
        return answer

    def answer_text(self, caller: Caller, method: str, arguments: dict[str, Any], form: str) -> str:
        """Call a method as `caller`, and return the text of the answer in a format."""
        texts = {name: str(value) for name, value in arguments.items()}
        fixed = {"method": f"flickr.{method}", "format": form, "nojsoncallback": "1"}
        fixed["api_key"] = self.account.api_key
        return (
            RestApi(self.store, Bases(BASE, BASE), entries())
            .answer({**fixed, **texts}, caller)
            .text
        )


def failure_of(answer: dict[str, Any]) -> tuple[int, str]:
    """Return code and message of an answer, which must be a failure."""
    assert answer["stat"] == "fail", answer
    return answer["code"], answer["message"]
