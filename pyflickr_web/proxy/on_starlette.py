"""The proxy in a Starlette or FastAPI application."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from pyflickr_web.errors import FlickrError
from pyflickr_web.proxy.asgi import AsgiProxy, Receive, Scope, Send, request_of
from pyflickr_web.proxy.message import Visitor
from pyflickr_web.proxy.visitors import admitted, refusal, refusal_of


class StarletteProxy(AsgiProxy):
    """As `AsgiProxy`; `authenticator`, sync or async, gets Starlette's `Request`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except _Answered as answered:
            answered.response.headers.update(self.handler.shared(request_of(scope)))
            await answered.response(scope, receive, send)

    async def admit(self, scope: Scope, body: bytes) -> Visitor | None:
        if self.authenticator is None:
            return None
        try:
            said = await _called(self.authenticator, _request(scope, body))
        except HTTPException as error:
            raise refusal_of(error.status_code, error.detail, error.headers) from None
        except FlickrError as error:
            raise refusal(error) from None
        if isinstance(said, Response):
            raise _Answered(said)
        return admitted(said)


class _Answered(Exception):
    """An authenticator has answered in place of the proxy."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def mount(app: Starlette | Router, paths: list[str], proxy: AsgiProxy) -> None:
    """Have `proxy` answer at `paths`, before all that the application has there, until it ends."""
    router = app.router if isinstance(app, Starlette) else app
    router.routes[:0] = [Route(path, proxy) for path in paths]
    inner = router.lifespan_context

    @asynccontextmanager
    async def lifespan(of: Any) -> AsyncIterator[Mapping[str, Any] | None]:
        async with inner(of) as state:
            try:
                yield state
            finally:
                await proxy.close()

    router.lifespan_context = lifespan  # type: ignore[assignment]


async def _called(authenticator: Callable[[Any], Any], request: Request) -> Any:
    if inspect.iscoroutinefunction(authenticator):
        return await authenticator(request)
    said = await run_in_threadpool(authenticator, request)
    return await said if inspect.isawaitable(said) else said


def _request(scope: Scope, body: bytes) -> Request:
    """The request with a body that can be read, though it was read before."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive)
