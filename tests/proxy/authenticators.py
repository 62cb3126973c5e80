"""Authenticators as each framework has them: who shows the badge `ada` comes in, under that name.

A kind is a way to refuse, or to say who came.
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
    """What is shown, whichever framework's request it is."""
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
    """Refuses by raising what the framework has for that; lets in with what `let_in` says."""
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
    """Refuses by an answer of the framework's, where there is one; else by False."""
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
    """Lets in whoever it is, but looks at the request's form before."""

    async def starlette(request: Request) -> None:
        await request.form()

    def django(request: Any) -> None:
        assert not request.POST and not request.FILES

    def flask_form() -> None:
        assert flask.request.form is not None

    return {"starlette": starlette, "fastapi": starlette, "django": django, "flask": flask_form}


def with_credentials(credentials: Callable[[], Any]) -> None:
    """Have the kind `own` let in with what `credentials` answers: a visitor's client or secrets."""
    KINDS["own"] = kind(credentials)


KINDS: dict[str, dict[str, Callable[..., Any]]] = {
    "raises": kind(lambda: None),
    # As a network of its own may: its programs have no badge.
    "everybody": dict.fromkeys(
        ("asgi", "wsgi", "starlette", "fastapi", "flask", "django"), lambda *request: None
    ),
    "names": kind(lambda: "ada"),
    "answers": _kind_with_responses(),
    "awaited": {name: _as_coroutine(each) for name, each in kind(lambda: "ada").items()},
    "reads": _kind_that_reads_forms(),
    "nonsense": kind(lambda: {"ok": False}),
}
