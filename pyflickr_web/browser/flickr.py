"""`Flickr` in a page: with an API key alone, or through a proxy."""

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

    `Flickr(endpoint=…)` calls through a proxy, `Flickr(api_key=…)` directly, for what is public.
    Further options: `base_url`, `photo_base_url`, `retry_queries`. Raises `FlickrError` for a secret
    or a token among them: a page must hold none. Every call is awaited.
    """

    def __init__(self, **options: "Any") -> None:
        for name in options:
            hidden = "secret" in name or "token" in name or "api_sig" in name
            if hidden and options[name]:
                raise FlickrError(name + NO_SECRET)
        super().__init__(TABLE, options)

    @classmethod
    def token_only(cls, **options: "Any") -> "Flickr":
        """A client with nothing but an API key, for what is public."""
        return cls(**options)

    def _run(self, flow: "Flow") -> "Any":
        return drive(flow)

    def _iterate(self, flow: "Flow") -> AsyncListing:
        return AsyncListing(flow, drive)

    def _warn(self, text: str) -> None:
        js.console.warn("flickr: " + text)
