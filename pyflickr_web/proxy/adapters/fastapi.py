"""Call authenticators that have dependencies of FastAPI as parameters."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pyflickr_web.proxy.calls.message import Refusal

RESULTS = "pyflickr_web.results"


def has_dependencies(authenticator: Callable[..., Any]) -> bool:
    """Return True if a function has parameters other than the request, which FastAPI must fill in."""
    parameters = list(inspect.signature(authenticator).parameters.values())
    if len(parameters) != 1:
        return True
    (only,) = parameters
    if only.kind is only.VAR_POSITIONAL:
        return False
    # An annotation may be a string.
    plain = only.annotation in (only.empty, Any, "Any") or str(only.annotation).endswith("Request")
    return only.default is not only.empty or not plain


def inject_dependencies(authenticator: Callable[..., Any]) -> Callable[[Request], Awaitable[Any]]:
    """Return the authenticator as a function of the request; FastAPI fills in its other parameters.

    Its errors pass through; if the request lacks a parameter, it raises `Refusal` (401).
    """
    inner = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    def keep(request: Request, result: Any = Depends(authenticator)) -> Response:  # noqa: B008
        request.scope[RESULTS].append(result)
        return Response()

    def fail(request: Request, error: Exception) -> Response:
        request.scope[RESULTS].append(error)
        return Response()

    inner.add_api_route("/{path:path}", keep, methods=["GET", "POST"])
    inner.add_exception_handler(HTTPException, fail)
    inner.add_exception_handler(RequestValidationError, fail)

    async def call(request: Request) -> Any:
        outer = request.scope["app"]
        inner.state = outer.state
        inner.dependency_overrides = getattr(outer, "dependency_overrides", {})
        results: list[Any] = []
        await inner({**request.scope, RESULTS: results}, request.receive, _discard)
        if isinstance(results[0], RequestValidationError):
            raise Refusal(401, "the request has no valid credentials for this site")
        if isinstance(results[0], HTTPException):
            raise results[0]
        return results[0]

    return call


async def _discard(message: Any) -> None:
    """Discard the inner application's response."""
