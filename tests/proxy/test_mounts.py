"""Mounted proxies: prefixes with and without variables, the alias, and other routes."""

from __future__ import annotations

from typing import Any

import django.urls
import pytest
import requests
from fastapi import APIRouter, FastAPI
from flask import Blueprint, Flask
from starlette.applications import Starlette

from pyflickr_web import Flickr
from pyflickr_web.serve.site import Site
from tests.proxy.servers import ADAPTERS, ProxyMount, django_with, wsgi
from tests.support.timeouts import TIMEOUT
from tests.support.web_servers import in_loop, in_threads

ECHO = {"method": "flickr.test.echo"}


def answer_of(address: str, verb: str = "POST") -> requests.Response:
    return requests.request(verb, address, json=ECHO, timeout=TIMEOUT)


def test_routers_prefix_stands_before_the_proxys_path(options: Any) -> None:
    router, app = APIRouter(prefix="/api"), FastAPI()
    Flickr(**options).proxy(router, "/rest/")
    app.include_router(router)
    with in_loop(app) as url:
        assert answer_of(url + "/api/rest/").json()["stat"] == "ok"


def in_flask(flickr: Flickr) -> Any:
    app, blueprint = Flask("tests"), Blueprint("flickr", "tests", url_prefix="/<lang>")
    flickr.proxy(blueprint, "/rest/")
    app.register_blueprint(blueprint)
    return app


def in_django(flickr: Flickr) -> Any:
    below = django.urls.include(flickr.proxy_urls("rest/"))
    return django_with([django.urls.path("<str:lang>/", below)])


@pytest.mark.parametrize("make", [in_flask, in_django])
def test_prefix_may_contain_a_variable(options: Any, make: Any) -> None:
    with in_threads(make(Flickr(**options))) as url:
        assert answer_of(url + "/de/rest/").json()["stat"] == "ok"
        # Not a multipart form: refused by the proxy, without an error in the framework.
        assert answer_of(url + "/de/rest/upload").json()["stat"] == "fail"


@pytest.mark.parametrize("name", sorted(ADAPTERS))
@pytest.mark.parametrize("named", [True, False])
def test_default_path_has_node_flickrapis_as_an_alias(options: Any, name: str, named: bool) -> None:
    """Both work with and without a trailing slash, and without a redirect."""
    flickr = Flickr(**options)
    path: dict[str, Any] = {"path": "/services/rest/"} if named else {}
    app: Any
    if name in ("asgi", "wsgi"):
        app = ADAPTERS[name][0](ProxyMount(flickr))
    elif name == "django":
        app = django_with(flickr.proxy_urls(**path))
    else:
        app = {"starlette": Starlette(), "fastapi": FastAPI(), "flask": Flask("tests")}[name]
        flickr.proxy(app, **path)
    with ADAPTERS[name][1](app) as url:
        for bare in ("/services/rest", "/service/rest"):
            for slash in ("", "/"):
                answer = answer_of(url + bare + slash)
                assert answer.json()["stat"] == "ok" and not answer.history
                refused = answer_of(f"{url}{bare}/upload{slash}")
                assert "takes no uploads" in refused.json()["message"] and not refused.history


def test_another_path_has_no_alias(options: Any) -> None:
    app = FastAPI()
    Flickr(**options).proxy(app, "/rest/")
    with in_loop(app) as url:
        assert answer_of(url + "/service/rest/").status_code == 404


def test_head_is_answered_without_a_body(options: Any) -> None:
    sent = b"".join(
        wsgi(ProxyMount(Flickr(**options)))(
            {"REQUEST_METHOD": "HEAD", "PATH_INFO": "/", "REMOTE_ADDR": "127.0.0.1"},
            lambda status, headers: None,
        )
    )
    assert sent == b""


def test_site_answers_an_upload_as_the_proxy_does(options: Any) -> None:
    with in_loop(Site(Flickr(**options))) as url:
        for bare in ("/services/rest", "/service/rest"):
            for slash in ("", "/"):
                refused = answer_of(f"{url}{bare}/upload{slash}")
                assert refused.json()["stat"] == "fail"
                assert answer_of(url + bare + slash).json()["stat"] == "ok"
