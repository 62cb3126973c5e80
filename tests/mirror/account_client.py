"""A client of a sandbox's account, and signed calls as flows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

_CREDENTIALS = ("api_key", "secret", "access_token", "access_token_secret", "user_id")


class AccountClient:
    """Calls methods as the account's owner."""

    def __init__(self, flickr: Flickr, sandbox: Sandbox) -> None:
        self.flickr = flickr
        self.sandbox = sandbox
        self.user_id = sandbox.account.user_id

    def flow(self, method: str, values: dict[str, Any]) -> Flow:
        """Call a method, signed; a flow."""
        return self.flickr.flow(method, values | {"authenticated": True})

    def call(self, method: str, **values: Any) -> dict[str, Any]:
        """Call a method, signed, and return the answer."""
        answer: dict[str, Any] = self.flickr.run(self.flow(method, values))
        return answer


@contextmanager
def open_account(photos: int) -> Iterator[AccountClient]:
    """Start a sandbox, and sign in as its account's owner."""
    with Sandbox(photos=photos) as sandbox:
        options: Any = {name: getattr(sandbox.account, name) for name in _CREDENTIALS}
        with Flickr(base_url=sandbox.url, **options) as flickr:
            yield AccountClient(flickr, sandbox)
