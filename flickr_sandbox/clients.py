"""Clients of a sandbox. No other module imports `pyflickr_web`; this one does when it makes a client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flickr_sandbox.store.library import Account

if TYPE_CHECKING:
    from typing import Unpack

    from pyflickr_web import AsyncFlickr, ClientOptions, Flickr

# The environment's proxy does not lead to this machine.
_NO_PROXIES = {"http": "", "https": "", "all": ""}


class ClientFactory:
    """Makes clients that are signed in as the account of a sandbox."""

    url: str
    account: Account

    def client(self, **options: Unpack[ClientOptions]) -> Flickr:
        """Return a client of this sandbox that is signed in as its account, with permission to delete.

        Only `options` change it, such as `retry_queries=3`; the environment and `.env` do not. An empty
        text unsets an option: `access_token=""`. Close the client after use, or use it in a `with`.
        """
        from pyflickr_web import Flickr

        return Flickr(**self._client_options(options))

    def async_client(self, **options: Unpack[ClientOptions]) -> AsyncFlickr:
        """Return a client for asyncio, like `client`; use it in an `async with`."""
        from pyflickr_web import AsyncFlickr

        return AsyncFlickr(**self._client_options(options))

    def _client_options(self, options: Mapping[str, Any]) -> ClientOptions:
        from pyflickr_web import ClientOptions

        # An empty text keeps an option's value in the environment from being used.
        found: dict[str, Any] = dict.fromkeys(ClientOptions.__annotations__, "")
        account = self.account
        found |= {
            "api_key": account.api_key,
            "secret": account.secret,
            "access_token": account.access_token,
            "access_token_secret": account.access_token_secret,
            "user_id": account.user_id,
            "base_url": self.url,
            "request_options": {"proxies": _NO_PROXIES},
            "token_store": "none",
        }
        ready: ClientOptions = ClientOptions(**found | dict(options))  # type: ignore[typeddict-item]
        return ready
