"""Read the addresses of visitors from the headers of a trusted server in front of `serve`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from pyflickr_web.log import logger
from pyflickr_web.proxy.adapters.asgi import FORWARDED, Receive, Scope, Send

_HEADERS = (b"x-forwarded-for", b"forwarded")
_PEER = "pyflickr_web.peer"


class ForwardedHeaders:
    """ASGI middleware that reads `X-Forwarded-For` and `X-Forwarded-Proto` from peers in `trusted`, by
    uvicorn's own middleware.

    `trusted` has addresses and networks, or `*`; empty trusts nobody. Logs a warning for the first
    forwarded address that is ignored.
    """

    def __init__(
        self, app: Callable[[Scope, Receive, Send], Awaitable[None]], trusted: list[str]
    ) -> None:
        self._app = app
        middleware: Any = ProxyHeadersMiddleware(self._call_app, trusted)
        self._read = middleware if trusted else self._call_app
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[_PEER] = scope.get("client")
            await self._read(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _call_app(self, scope: Any, receive: Any, send: Any) -> None:
        peer = scope.pop(_PEER)
        if scope.get("client") is not peer:
            scope[FORWARDED] = True
        elif not self._warned and any(name in _HEADERS for name, _ in scope["headers"]):
            self._warned = True
            logger.warning(
                "ignored a forwarded address from %s, which counts as the client: if it is your own "
                "server in front, set --forwarded-allow-ips (FLICKR_PROXY_FORWARDED_ALLOW_IPS), and "
                "have it send X-Forwarded-For",
                peer[0] if peer else "an unknown address",
            )
        await self._app(scope, receive, send)
