"""Call a sandbox's library without a socket, as any user."""

from __future__ import annotations

import json
from typing import Any

from flickr_sandbox.answers import entries
from flickr_sandbox.call import Caller
from flickr_sandbox.formats import Body
from flickr_sandbox.intercept.hosts import Bases
from flickr_sandbox.rest import RestApi
from flickr_sandbox.store import Store
from flickr_sandbox.store.library import fill
from flickr_sandbox.store.library.people import nsid

BASE = "http://127.0.0.1:8100"
NOW = 1706745600
"""2024-02-01 00:00, just after the last photo of a library was posted."""
ME = nsid(0)
DELETE = 3


class LocalApi:
    """An API over a library whose clock stands at `now`; `account` is the owner of the key."""

    def __init__(self, photos: int = 120, seed: int = 1, now: float = NOW) -> None:
        self.now = now
        self.store = Store(clock=lambda: self.now)
        self.account = fill(self.store, photos, seed)
        self.key = self.account.api_key
        self._rest = RestApi(self.store, Bases(BASE, BASE), entries())

    def save(self) -> None:
        """Save the state of the library, for `restore`."""
        self._saved = self.store.copy()

    def restore(self) -> None:
        """Restore the saved state of the library."""
        self.store.restore(self._saved)

    def caller(self, person: str | None = ME, perms: int = DELETE) -> Caller:
        """Return a person with a token of a level; an anonymous caller if `person` is None."""
        if person is None:
            return Caller(self.key)
        return Caller(self.key, person, perms, signed=True)

    def close(self) -> None:
        """Close the library."""
        self.store.close()

    def body(self, arguments: dict[str, str], caller: Caller) -> Body:
        """Return the answer to a call as it is sent."""
        return self._rest.answer({"api_key": self.key, **arguments}, caller)

    def call(self, method: str, person: str | None = ME, **arguments: Any) -> dict[str, Any]:
        """Return the parsed answer to a call; `method` is without `flickr.`."""
        texts = {name: str(value) for name, value in arguments.items()}
        texts |= {"method": f"flickr.{method}", "format": "json", "nojsoncallback": "1"}
        answer: dict[str, Any] = json.loads(self.body(texts, self.caller(person)).text)
        return answer

    def code(self, method: str, person: str | None = ME, **arguments: Any) -> int:
        """Return the error code of a call, 0 if it succeeds."""
        return int(self.call(method, person, **arguments).get("code", 0))
