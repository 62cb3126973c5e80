"""Calls a sandbox's library without a socket, as whoever the test wants to be."""

from __future__ import annotations

import json
from typing import Any

from flickr_sandbox.call import Caller
from flickr_sandbox.formats import Body
from flickr_sandbox.rest import RestApi
from flickr_sandbox.store import Store
from flickr_sandbox.store.library import fill
from flickr_sandbox.store.library.people import nsid

BASE = "http://127.0.0.1:8100"
NOW = 1706745600
"""2024-02-01 00:00, when the last photo of a library has just come."""
ME = nsid(0)
DELETE = 3


class LocalApi:
    """A library of its own whose clock stands still."""

    def __init__(self, photos: int = 120, seed: int = 1) -> None:
        self.store = Store(clock=lambda: NOW)
        self.key = fill(self.store, photos, seed).api_key
        self._rest = RestApi(self.store, BASE)

    def save(self) -> None:
        """Remember the library as it is, for `restore`."""
        self._saved = self.store.copy()

    def restore(self) -> None:
        """Make the library what it was when it was kept."""
        self.store.restore(self._saved)

    def caller(self, person: str | None = ME, perms: int = DELETE) -> Caller:
        """A person with a token of a level; nobody where it is None."""
        if person is None:
            return Caller(self.key)
        return Caller(self.key, person, perms, signed=True)

    def close(self) -> None:
        """Let the library go."""
        self.store.close()

    def body(self, arguments: dict[str, str], caller: Caller) -> Body:
        """The answer to a call as it is sent."""
        return self._rest.answer({"api_key": self.key, **arguments}, caller)

    def call(self, method: str, person: str | None = ME, **arguments: Any) -> dict[str, Any]:
        """The answer to a call in JSON; `method` goes without `flickr.`."""
        asked = {name: str(value) for name, value in arguments.items()}
        asked |= {"method": f"flickr.{method}", "format": "json", "nojsoncallback": "1"}
        answer: dict[str, Any] = json.loads(self.body(asked, self.caller(person)).text)
        return answer

    def code(self, method: str, person: str | None = ME, **arguments: Any) -> int:
        """The code with which a call is refused, 0 where it is not."""
        return int(self.call(method, person, **arguments).get("code", 0))
