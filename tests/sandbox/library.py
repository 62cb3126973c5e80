"""Call the sandbox's methods without a socket, as any person and at any time.

Requests are not signed; other tests check signatures over a socket.
"""

from __future__ import annotations

import json
from typing import Any

from flickr_sandbox.call import Caller
from flickr_sandbox.store.library.people import nsid
from tests.support.local_api import LocalApi

NOON = 1_750_000_000


class Library(LocalApi):
    """A library whose clock tests set by `now`; people are given by their numbers."""

    def __init__(self, photos: int) -> None:
        super().__init__(photos, now=NOON)

    def call_public(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call `method`, named without `flickr.`, with the key alone."""
        return self.call_with(self.caller(None), method, arguments)

    def call_signed(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method as the account."""
        return self.call_as(0, method, **arguments)

    def call_as(self, person: int, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method as the person with this number, at level delete."""
        return self.call_with(self.caller(nsid(person)), method, arguments)

    def call_with(self, caller: Caller, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a method as `caller`, and return the answer."""
        answer: dict[str, Any] = json.loads(self.answer_text(caller, method, arguments, "json"))
        return answer

    def answer_text(self, caller: Caller, method: str, arguments: dict[str, Any], form: str) -> str:
        """Call a method as `caller`, and return the text of the answer in a format."""
        texts = {name: str(value) for name, value in arguments.items()}
        fixed = {"method": f"flickr.{method}", "format": form, "nojsoncallback": "1"}
        return self.body(fixed | texts, caller).text


def failure_of(answer: dict[str, Any]) -> tuple[int, str]:
    """Return code and message of an answer, which must be a failure."""
    assert answer["stat"] == "fail", answer
    return answer["code"], answer["message"]
