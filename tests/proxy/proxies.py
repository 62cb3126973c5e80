"""Open proxies on adapters, with callers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflickr_web import AsyncFlickr, Flickr
from tests.proxy.authenticators import KINDS
from tests.proxy.caller import Caller
from tests.proxy.servers import ADAPTERS, ProxyMount, serve

Open = Callable[..., Caller]
ON = " on "
# For tests of stores: each adapter in memory, and each driver of Redis.
ON_STORES = [*sorted(ADAPTERS), "asgi on redis", "wsgi on redis"]


def open_on_adapter(adapter: str, options: dict[str, Any], kind: str | None, policy: Any) -> Any:
    """Return a context manager that runs a proxy on an adapter and yields its `Caller`."""
    # Both kinds of client are used, each by some of the adapters.
    client = (AsyncFlickr if adapter in ("asgi", "fastapi", "flask") else Flickr)(**options)
    authenticators = KINDS[kind] if kind else {}
    return Caller.of(serve(adapter, ProxyMount(client, authenticators, policy)), options)
