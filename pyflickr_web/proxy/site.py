"""A whole site of its own around a proxy: the bundles, a sign of life, a log that tells no secret."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pyflickr_web.proxy.asgi import AsgiProxy, Receive, Scope, Send
from pyflickr_web.proxy.mount import mount
from pyflickr_web.server import ServerClient

PROXY = "/services/rest/"
_PACKAGE = Path(__file__).parent.parent
access = logging.getLogger("pyflickr_web.access")


def bundles() -> Path:
    """Where the bundles are: in the wheel, or in the repository."""
    in_wheel = _PACKAGE / "_dist"
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / "browser_dist"


def site(client: ServerClient, **policy: Any) -> Starlette:
    """The client's proxy at `/services/rest/`, the bundles under `/`, and `/healthz`, which tells of
    Redis too where the policy has one: `ok` or `down`.

    Raises `OptionError` for a setting of the policy that cannot be.
    """

    async def healthy(request: Request) -> Response:
        redis = await proxy.redis_answers()
        told = {} if redis is None else {"redis": "ok" if redis else "down"}
        return JSONResponse({"stat": "ok", **told}, headers={"cache-control": "no-store"})

    app = Starlette(routes=[Route("/healthz", healthy), Mount("/", _Bundles(directory=bundles()))])
    proxy = cast(AsgiProxy, mount(client, app, PROXY, None, policy))
    return app


class Logged:
    """An application whose answers are logged: who, verb, path, status, milliseconds.

    No query is: clients put keys into it.
    """

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        start = time.perf_counter()
        status = 0

        async def noted(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            client = scope.get("client") or ("-",)
            took = (time.perf_counter() - start) * 1000
            # A path may hold ends of lines.
            path = ascii(scope["path"])
            access.info("%s %s %s %d %.1f", client[0], scope["method"], path, status, took)


class _Bundles(StaticFiles):
    """Files that pages of all sites may load, as modules and with `integrity` too."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response("index.html" if path == "." else path, scope)
        response.headers["access-control-allow-origin"] = "*"
        response.headers["x-content-type-options"] = "nosniff"
        return response
