"""Proxies on each adapter, each with its caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflickr_web import AsyncFlickr, Flickr
from tests.proxy.authenticators import KINDS
from tests.proxy.caller import Caller
from tests.proxy.servers import ADAPTERS, ProxyMount, serve

Open = Callable[..., Caller]
ON = " on "
# Where it matters what a proxy remembers: each adapter, and each driver of Redis.
ON_STORES = [*sorted(ADAPTERS), "asgi on redis", "wsgi on redis"]


def open_on_adapter(adapter: str, options: dict[str, Any], kind: str | None, policy: Any) -> Any:
    """A proxy on an adapter: a context manager of its `Caller`."""
    # Each kind of client stands behind some of the adapters.
    client = (AsyncFlickr if adapter in ("asgi", "fastapi", "flask") else Flickr)(**options)
    authenticators = KINDS[kind] if kind else {}
    return Caller.of(serve(adapter, ProxyMount(client, authenticators, policy)), options)
