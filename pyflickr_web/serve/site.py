"""The site around a proxy: the bundles, a start page, and a health check."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Unpack

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pyflickr_web.proxy.adapters.asgi import AsgiProxy, Receive, Scope, Send, request_of, send_reply
from pyflickr_web.proxy.adapters.mount import ALIAS, DEFAULT, proxy_asgi
from pyflickr_web.proxy.calls.message import Reply
from pyflickr_web.proxy.calls.policy import ProxyOptions
from pyflickr_web.proxy.handlers import UPLOAD_PATH
from pyflickr_web.server_client import ServerClient

PATHS = frozenset(f"{path}{slash}" for path in (DEFAULT, ALIAS) for slash in ("", "/"))
UPLOADS = frozenset(
    f"{path}{UPLOAD_PATH}{slash}" for path in (DEFAULT, ALIAS) for slash in ("", "/")
)
HEALTH = "/healthz"
# Machines map file name extensions differently, and browsers run only scripts of the right type.
_TYPES = {
    ".js": "text/javascript",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".mts": "text/x-typescript",
    ".py": "text/x-python",
    ".pyi": "text/x-python",
    ".ts": "text/x-typescript",
}
_PACKAGE = Path(__file__).parent.parent


def bundles() -> Path:
    """Return the folder of the bundles, in the wheel or in the repository."""
    in_wheel = _PACKAGE / "_dist"
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / "browser_dist"


class Site:
    """An ASGI application with the client's proxy at `/services/rest/`, the bundles under `/`, a start
    page at `/`, and `/healthz`.

    `/healthz` reports the state of Redis, `ok` or `down`, if the policy has one. Raises `OptionError`
    for an invalid setting of the policy.
    """

    def __init__(self, client: ServerClient, **policy: Unpack[ProxyOptions]) -> None:
        self._proxy = proxy_asgi(client, **policy)
        routes = [
            Route("/", _start_page()),
            Route(HEALTH, self._report_health),
            Mount("/", _Bundles(directory=bundles())),
        ]
        self._rest = Starlette(routes=routes, lifespan=_close_on_shutdown(self._proxy))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Requests for the proxy, which are most, bypass the router.
        path = scope["path"] if scope["type"] == "http" else ""
        if path in PATHS:
            await self._proxy.call(scope, receive, send)
        elif path in UPLOADS:
            await self._proxy.upload(scope, receive, send)
        elif path and path != HEALTH and (refusal := self._refuse_host(scope)):
            await send_reply(refusal, send)
        else:
            await self._rest(scope, receive, send)

    def _refuse_host(self, scope: Scope) -> Reply | None:
        return self._proxy.handlers.calls.check_host(request_of(scope))

    async def _report_health(self, request: Request) -> Response:
        redis = await self._proxy.redis_answers()
        state = {} if redis is None else {"redis": "ok" if redis else "down"}
        return JSONResponse({"stat": "ok", **state}, headers={"cache-control": "no-store"})


def _start_page() -> Callable[[Request], Response]:
    page = Path(__file__).with_name("welcome.html").read_text("utf-8")
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    headers = {
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    return lambda _: HTMLResponse(page, headers=headers)


def _close_on_shutdown(proxy: AsgiProxy) -> Any:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await proxy.close()

    return lifespan


class _Bundles(StaticFiles):
    """Files that pages of all sites may load, including modules and `integrity`."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["access-control-allow-origin"] = "*"
        response.headers["x-content-type-options"] = "nosniff"
        if "content-type" in response.headers and (kind := _TYPES.get(Path(path).suffix)):
            response.headers["content-type"] = f"{kind}; charset=utf-8"
        return response
