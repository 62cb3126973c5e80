"""Run applications with a proxy on a socket, for each adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette

from pyflickr_web.proxy import proxy_asgi, proxy_wsgi
from tests.support.web_servers import in_loop, in_threads

PATH = "/service/rest/"
URLCONF = "tests.urlconf"


@dataclass(frozen=True, slots=True)
class ProxyMount:
    """A proxy to mount: its client, an authenticator for each adapter, and its settings."""

    client: Any
    authenticators: dict[str, Callable[..., Any]] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)


def asgi(mount: ProxyMount) -> Any:
    return proxy_asgi(mount.client, mount.authenticators.get("asgi"), **mount.policy)


def wsgi(mount: ProxyMount) -> Any:
    return proxy_wsgi(mount.client, mount.authenticators.get("wsgi"), **mount.policy)


def starlette(mount: ProxyMount) -> Any:
    app = Starlette()
    mount.client.proxy(app, PATH, mount.authenticators.get("starlette"), **mount.policy)
    return app


def fastapi(mount: ProxyMount) -> Any:
    app = FastAPI()
    mount.client.proxy(app, PATH, mount.authenticators.get("fastapi"), **mount.policy)
    return app


def flask(mount: ProxyMount) -> Any:
    app = Flask("tests")
    mount.client.proxy(app, PATH, mount.authenticators.get("flask"), **mount.policy)
    return app


def django_project(mount: ProxyMount) -> Any:
    authenticator = mount.authenticators.get("django")
    return django_with(mount.client.proxy_urls(PATH, authenticator, **mount.policy))


def django_with(patterns: list[Any]) -> Any:
    """Return a project with these URL patterns."""
    if not settings.configured:
        settings.configure(
            SECRET_KEY="for tests",
            ALLOWED_HOSTS=["*"],
            MIDDLEWARE=["tests.proxy.servers.urlconf_of_its_own"],
            ROOT_URLCONF="tests.proxy.servers",
        )
        django.setup()
    urlconf = ModuleType("urls")
    urlconf.urlpatterns = patterns  # type: ignore[attr-defined]
    handler = WSGIHandler()
    return lambda environ, start: handler({**environ, URLCONF: urlconf}, start)


def urlconf_of_its_own(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Django middleware that gives each server of a test its own URL patterns."""

    def middleware(request: Any) -> Any:
        request.urlconf = request.META[URLCONF]
        return answer(request)

    return middleware


urlpatterns: list[Any] = []


ADAPTERS: dict[str, tuple[Callable[[ProxyMount], Any], Callable[[Any], Any]]] = {
    "asgi": (asgi, in_loop),
    "starlette": (starlette, in_loop),
    "fastapi": (fastapi, in_loop),
    "wsgi": (wsgi, in_threads),
    "flask": (flask, in_threads),
    "django": (django_project, in_threads),
}


def claims_address(app: Any, in_loop: bool) -> Any:
    """Wrap an application so that the header `Test-Client` sets the client's address."""

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        for name, value in scope.get("headers", ()):
            if name == b"test-client":
                scope["client"] = (value.decode(), 1)
        await app(scope, receive, send)

    def wsgi(environ: Any, start: Any) -> Any:
        address = environ.get("HTTP_TEST_CLIENT") or environ["REMOTE_ADDR"]
        return app({**environ, "REMOTE_ADDR": address}, start)

    return asgi if in_loop else wsgi


@contextmanager
def serve(adapter: str, mount: ProxyMount) -> Iterator[str]:
    """Run a proxy; yield its address, with a trailing slash."""
    make, run = ADAPTERS[adapter]
    with run(claims_address(make(mount), run is in_loop)) as url:
        yield url + PATH
