"""`Flickr` in a page: with only an API key, or through a proxy."""

import js

from .._generated.table import TABLE
from ..core.client import NO_SECRET, Client
from ..core.errors import FlickrError
from ..core.paging import AsyncListing
from .transport import drive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..core.flow import Flow


class Flickr(Client):
    """A client of the Flickr API for a page.

    `Flickr(endpoint=…)` calls through a proxy, `Flickr(api_key=…)` calls Flickr, for public data.
    Further options: `base_url`, `photo_base_url`, `retry_queries`. Raises `FlickrError` for a secret
    or token, which a page must not hold. Await every call.
    """

    def __init__(self, **options: "Any") -> None:
        for name in options:
            hidden = "secret" in name or "token" in name or "api_sig" in name
            if hidden and options[name]:
                raise FlickrError(name + NO_SECRET)
        super().__init__(TABLE, options)

    @classmethod
    def token_only(cls, **options: "Any") -> "Flickr":
        """Return a client with only an API key, for public data."""
        return cls(**options)

    def _run(self, flow: "Flow") -> "Any":
        return drive(flow)

    def _iterate(self, flow: "Flow") -> AsyncListing:
        return AsyncListing(flow, drive)

    def _warn(self, text: str) -> None:
        js.console.warn("flickr: " + text)
