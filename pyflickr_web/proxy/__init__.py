"""The proxy: Flickr for a site's pages, with key and secret kept on the server."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyflickr_web.proxy.adapters.mount import proxy_asgi, proxy_wsgi
    from pyflickr_web.proxy.adapters.wsgi import WsgiProxy
    from pyflickr_web.proxy.calls.message import ProxyRequest
    from pyflickr_web.proxy.calls.policy import Policy

__all__ = ["Policy", "ProxyRequest", "WsgiProxy", "proxy_asgi", "proxy_wsgi"]

# Imported on first use, so that `proxy.calls` does not load the adapters and their libraries.
_MODULES = {
    "Policy": "calls.policy",
    "ProxyRequest": "calls.message",
    "WsgiProxy": "adapters.wsgi",
    "proxy_asgi": "adapters.mount",
    "proxy_wsgi": "adapters.mount",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
