"""The proxy in a Starlette or FastAPI application."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from pyflickr_web.proxy.adapters.asgi import AsgiProxy, Receive, Scope, Send, request_of
from pyflickr_web.proxy.adapters.authenticators import (
    AuthenticatorResponse,
    framework_refusal,
    refusal_for_error,
    visitor_of,
)
from pyflickr_web.proxy.calls.message import Visitor
from pyflickr_web.proxy.handlers import UPLOAD_PATH
from pyflickr_web.transports.errors import FlickrError


class StarletteProxy(AsgiProxy):
    """An `AsgiProxy` whose `authenticator`, sync or async, gets a `Request` of Starlette."""

    async def admit(self, scope: Scope, body: bytes | None) -> Visitor | None:
        if self.authenticator is None:
            return None
        try:
            result = await _call_authenticator(self.authenticator, _request(scope, body))
        except HTTPException as error:
            raise framework_refusal(error.status_code, error.detail, error.headers) from None
        except FlickrError as error:
            raise refusal_for_error(error) from None
        if isinstance(result, Response):
            raise AuthenticatorResponse(result)
        return visitor_of(result)


class _Endpoint:
    """Sends the response of `answer`, or the response that the authenticator returned instead."""

    def __init__(
        self, proxy: AsgiProxy, answer: Callable[[Scope, Receive, Send], Awaitable[None]]
    ) -> None:
        self._proxy = proxy
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answer(scope, receive, send)
        except AuthenticatorResponse as result:
            headers = result.response.headers
            self._proxy.handlers.calls.add_shared_headers(request_of(scope), headers)
            await result.response(scope, receive, send)


def mount(app: Starlette | Router, paths: list[str], proxy: AsgiProxy) -> None:
    """Mount `proxy` at `paths`, and uploads below them, with and without a trailing slash.

    Its routes come before the application's, and it is closed when the application shuts down.
    """
    router = app.router if isinstance(app, Starlette) else app
    # A router of FastAPI adds its prefix only to routes that are added by its own methods.
    prefix = getattr(router, "prefix", "")
    calls, uploads = _Endpoint(proxy, proxy.call), _Endpoint(proxy, proxy.upload)
    for bare in [prefix + path for path in paths]:
        router.routes[:0] = [
            *(Route(each, calls) for each in ([bare, f"{bare}/"] if bare else ["/"])),
            *(Route(f"{bare}{UPLOAD_PATH}{slash}", uploads) for slash in ("", "/")),
        ]
    inner = router.lifespan_context

    @asynccontextmanager
    async def lifespan(of: Any) -> AsyncIterator[Mapping[str, Any] | None]:
        async with inner(of) as state:
            try:
                yield state
            finally:
                await proxy.close()

    router.lifespan_context = lifespan  # type: ignore[assignment]


async def _call_authenticator(authenticator: Callable[[Any], Any], request: Request) -> Any:
    if inspect.iscoroutinefunction(authenticator):
        return await authenticator(request)
    result = await run_in_threadpool(authenticator, request)
    return await result if inspect.isawaitable(result) else result


def _request(scope: Scope, body: bytes | None) -> Request:
    """Return the request with a body that has been read; without a body if `body` is None."""
    if body is None:
        return Request(scope)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)
