"""Calls the sandbox's desk in the process, as anybody at all and at any time.

What is asked here is what methods answer, not how requests are signed: other tests do that, over the
socket.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flickr_sandbox.call import Caller
from flickr_sandbox.rest import RestApi
from flickr_sandbox.store import Store
from flickr_sandbox.store.library import Account, fill
from flickr_sandbox.store.library.people import nsid

BASE = "http://127.0.0.1:8100"
NOON = 1_750_000_000


@dataclass
class Library:
    """A library with a clock that a test sets, and the account that its key belongs to."""

    photos: int
    now: float = NOON
    store: Store = field(init=False)
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(clock=lambda: self.now)
        self.account = fill(self.store, self.photos, 1)

    def public(self, method: str, **arguments: Any) -> dict[str, Any]:
        """The answer to a call with the key alone; `method` goes without `flickr.`."""
        return self.ask(Caller(self.account.api_key), method, arguments)

    def signed(self, method: str, **arguments: Any) -> dict[str, Any]:
        """The answer to a call by the account."""
        return self.by(0, method, **arguments)

    def by(self, person: int, method: str, **arguments: Any) -> dict[str, Any]:
        """The answer to a call by the person with a number, at level delete."""
        caller = Caller(self.account.api_key, nsid(person), perms=3, signed=True)
        return self.ask(caller, method, arguments)

    def ask(self, caller: Caller, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The answer to anybody's call."""
        answer: dict[str, Any] = json.loads(self.text(caller, method, arguments, "json"))
        return answer

    def text(self, caller: Caller, method: str, arguments: dict[str, Any], form: str) -> str:
        """The answer to anybody's call as a text, in a format."""
        texts = {name: str(value) for name, value in arguments.items()}
        fixed = {"method": f"flickr.{method}", "format": form, "nojsoncallback": "1"}
        fixed["api_key"] = self.account.api_key
        return RestApi(self.store, BASE).answer({**fixed, **texts}, caller).text


def refused(answer: dict[str, Any]) -> tuple[int, str]:
    """Code and message of a failure."""
    assert answer["stat"] == "fail", answer
    return answer["code"], answer["message"]
