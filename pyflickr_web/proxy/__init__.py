"""The proxy: Flickr for a site's pages, with key and secret kept on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyflickr_web.proxy.mount import proxy_asgi, proxy_wsgi

__all__ = ["proxy_asgi", "proxy_wsgi"]


def __getattr__(name: str) -> Any:
    # The rooms below need nothing of what mounts them.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pyflickr_web.proxy import mount

    return getattr(mount, name)
