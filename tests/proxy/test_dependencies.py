"""Authenticators with dependencies of FastAPI, and with parameters that no framework fills in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import pytest
import requests
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from flask import Flask
from starlette.applications import Starlette

from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr
from pyflickr_web.proxy import proxy_asgi, proxy_wsgi
from pyflickr_web.proxy.adapters.fastapi import has_dependencies
from tests.proxy.authenticators import BADGE
from tests.proxy.servers import PATH
from tests.support.timeouts import TIMEOUT
from tests.support.web_servers import in_loop

LOGIN = {"method": "flickr.test.login"}


def members(request: Request) -> dict[str, str]:
    return {request.app.state.badge: "ada"}


Members = Annotated[dict[str, str], Depends(members)]


async def member(authorization: Annotated[str, Header()], members: Members) -> str:
    if authorization not in members:
        raise HTTPException(401, "show your badge", {"WWW-Authenticate": "Badge"})
    return members[authorization]


def member_name(name: Annotated[str, Depends(member)]) -> str:
    return name


def member_name_by_default(request: Request, name: str = Depends(member)) -> str:
    assert request.url.path.startswith(PATH.rstrip("/"))
    return name


@pytest.mark.parametrize("authenticator", [member, member_name, member_name_by_default])
@pytest.mark.parametrize("routed", [False, True])
def test_dependencies_are_found(
    flickr: Sandbox, options: Any, authenticator: Callable[..., Any], routed: bool
) -> None:
    app = FastAPI()
    app.state.badge = BADGE
    target: Any = APIRouter() if routed else app
    AsyncFlickr(**options).proxy(target, PATH, authenticator)
    if routed:
        app.include_router(target)
    with in_loop(app) as url:

        def ask(verb: str = "POST", **headers: str) -> requests.Response:
            return requests.request(verb, url + PATH, json=LOGIN, headers=headers, timeout=TIMEOUT)

        stranger = ask(Authorization="none")
        assert (stranger.status_code, stranger.json()["message"]) == (401, "show your badge")
        assert stranger.headers["WWW-Authenticate"] == "Badge"
        nobody = ask()
        assert (nobody.status_code, nobody.json()["stat"]) == (401, "fail")
        assert not flickr.calls
        # A preflight is answered by its headers, without the dependencies.
        assert ask("OPTIONS").status_code == 204
        assert ask(Authorization=BADGE).json()["stat"] == "ok"
        app.dependency_overrides[members] = lambda: {"another": "eve"}
        assert ask(Authorization=BADGE).status_code == 401
        assert ask(Authorization="another").json()["stat"] == "ok"
    assert flickr.calls == {"flickr.test.login": 2}


async def _coroutine_function(*args: Any) -> Any:
    """Takes any arguments, like a wrapper of a function of the request."""


@pytest.mark.parametrize("plain", [members, lambda request: None, _coroutine_function])
def test_function_of_the_request_is_called_as_it_is(plain: Callable[..., Any]) -> None:
    assert not has_dependencies(plain)


def _two_parameters(request: Any, session: Any) -> None:
    """Takes a second parameter, which no framework fills in."""


def test_authenticator_with_unknown_parameters_is_an_error_at_mount(options: Any) -> None:
    flickr = AsyncFlickr(**options)
    for mount in (
        lambda: flickr.proxy(Starlette(), PATH, _two_parameters),
        lambda: flickr.proxy(Flask("tests"), PATH, _two_parameters),
        lambda: flickr.proxy(Flask("tests"), PATH, lambda request: None),
        lambda: flickr.proxy_urls(PATH, _two_parameters),
        lambda: proxy_asgi(flickr, _two_parameters),
        lambda: proxy_wsgi(flickr, _two_parameters),
    ):
        with pytest.raises(TypeError, match="an authenticator takes"):
            mount()
