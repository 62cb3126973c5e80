"""Authenticators for each framework, which admit requests with the badge of the visitor `ada`.

A kind is a way to refuse a request, or to identify the visitor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from pyflickr_web.errors import LoginError

BADGE = "badge ada"


def _badge(request: Any) -> str:
    """Return the `Authorization` header of any framework's request."""
    if isinstance(request, Request):
        return str(request.headers.get("authorization", ""))
    if isinstance(request, dict) and "wsgi.version" in request:
        return str(request.get("HTTP_AUTHORIZATION", ""))
    if isinstance(request, dict):
        return str(dict(request["headers"]).get(b"authorization", b""), "ascii")
    return str(request.headers.get("Authorization", ""))


def _by_request(refuse: Callable[[], Any], let_in: Callable[[], Any]) -> Callable[[Any], Any]:
    return lambda request: let_in() if _badge(request) == BADGE else refuse()


def _by_flask_request(refuse: Callable[[], Any], let_in: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: let_in() if _badge(flask.request) == BADGE else refuse()


def _as_coroutine(authenticator: Callable[..., Any]) -> Callable[..., Any]:
    async def authenticate(*args: Any) -> Any:
        return authenticator(*args)

    return authenticate


def _raising(error: Callable[[], BaseException]) -> Callable[[], Any]:
    def refuse() -> Any:
        raise error()

    return refuse


def kind(let_in: Callable[[], Any]) -> dict[str, Callable[..., Any]]:
    """Return authenticators that refuse by an error of the framework, and admit with the result of
    `let_in`."""
    ours = _by_request(_raising(lambda: LoginError("show your badge")), let_in)
    http = _by_request(_raising(lambda: HTTPException(401, "show your badge")), let_in)
    return {
        "asgi": ours,
        "wsgi": ours,
        "starlette": http,
        "fastapi": http,
        "flask": _by_flask_request(lambda: flask.abort(401, "show your badge"), let_in),
        "django": _by_request(_raising(lambda: PermissionDenied("show your badge")), let_in),
    }


def _kind_with_responses() -> dict[str, Callable[..., Any]]:
    """Return authenticators that refuse by a response of the framework, if it has one, else by False."""
    starlette = _by_request(lambda: PlainTextResponse("no badge", 401), lambda: None)
    return {
        "asgi": _by_request(lambda: False, lambda: None),
        "wsgi": _by_request(lambda: False, lambda: None),
        "starlette": starlette,
        "fastapi": starlette,
        "flask": _by_flask_request(lambda: ("no badge", 401), lambda: None),
        "django": _by_request(lambda: HttpResponse("no badge", status=401), lambda: None),
    }


def _kind_that_reads_forms() -> dict[str, Callable[..., Any]]:
    """Return authenticators that admit everybody, but read the request's form first."""

    async def starlette(request: Request) -> None:
        await request.form()

    def django(request: Any) -> None:
        assert not request.POST and not request.FILES

    def flask_form() -> None:
        assert flask.request.form is not None

    return {"starlette": starlette, "fastapi": starlette, "django": django, "flask": flask_form}


def with_credentials(credentials: Callable[[], Any]) -> None:
    """Make the kind `own` admit with the result of `credentials`: a visitor's client or credentials."""
    KINDS["own"] = kind(credentials)


KINDS: dict[str, dict[str, Callable[..., Any]]] = {
    "raises": kind(lambda: None),
    # E.g. in a private network, whose programs have no badge.
    "everybody": dict.fromkeys(
        ("asgi", "wsgi", "starlette", "fastapi", "flask", "django"), lambda *request: None
    ),
    "names": kind(lambda: "ada"),
    "answers": _kind_with_responses(),
    "awaited": {name: _as_coroutine(each) for name, each in kind(lambda: "ada").items()},
    "reads": _kind_that_reads_forms(),
    "nonsense": kind(lambda: {"ok": False}),
}
