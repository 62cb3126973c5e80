"""Applications with a proxy in them, served over a socket: one way for each adapter."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from types import ModuleType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
import uvicorn
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from fastapi import FastAPI
from flask import Flask
from starlette.applications import Starlette

from pyflickr_web.proxy import proxy_asgi, proxy_wsgi

PATH = "/service/rest/"
URLCONF = "tests.urlconf"


@dataclass(frozen=True, slots=True)
class Mounted:
    """What is mounted: a client's proxy, its authenticator for each adapter, and its settings."""

    client: Any
    authenticators: dict[str, Callable[..., Any]] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)


def asgi(mounted: Mounted) -> Any:
    return proxy_asgi(mounted.client, mounted.authenticators.get("asgi"), **mounted.policy)


def wsgi(mounted: Mounted) -> Any:
    return proxy_wsgi(mounted.client, mounted.authenticators.get("wsgi"), **mounted.policy)


def starlette(mounted: Mounted) -> Any:
    app = Starlette()
    mounted.client.proxy(app, PATH, mounted.authenticators.get("starlette"), **mounted.policy)
    return app


def fastapi(mounted: Mounted) -> Any:
    app = FastAPI()
    mounted.client.proxy(app, PATH, mounted.authenticators.get("fastapi"), **mounted.policy)
    return app


def flask(mounted: Mounted) -> Any:
    app = Flask("tests")
    mounted.client.proxy(app, PATH, mounted.authenticators.get("flask"), **mounted.policy)
    return app


def django_project(mounted: Mounted) -> Any:
    if not settings.configured:
        settings.configure(
            SECRET_KEY="for tests",
            ALLOWED_HOSTS=["*"],
            MIDDLEWARE=["tests.proxy.servers.urlconf_of_its_own"],
            ROOT_URLCONF="tests.proxy.servers",
        )
        django.setup()
    urlconf = ModuleType("urls")
    authenticator = mounted.authenticators.get("django")
    urlconf.urlpatterns = mounted.client.proxy_urls(  # type: ignore[attr-defined]
        PATH, authenticator, **mounted.policy
    )
    handler = WSGIHandler()
    return lambda environ, start: handler({**environ, URLCONF: urlconf}, start)


def urlconf_of_its_own(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Django's middleware by which every server of a test has its own addresses."""

    def middleware(request: Any) -> Any:
        request.urlconf = request.META[URLCONF]
        return answer(request)

    return middleware


urlpatterns: list[Any] = []


class _ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def in_threads(app: Any) -> Iterator[str]:
    """A WSGI application's address, without a slash at its end."""
    server = make_server("127.0.0.1", 0, app, _ThreadingServer, _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def in_loop(app: Any) -> Iterator[str]:
    """An ASGI application's address, without a slash at its end."""
    started = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: object = None) -> None:
            await super().startup(None)
            started.set()

    server = Server(uvicorn.Config(app, "127.0.0.1", 0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    assert started.wait(20)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


ADAPTERS: dict[str, tuple[Callable[[Mounted], Any], Callable[[Any], Any]]] = {
    "asgi": (asgi, in_loop),
    "starlette": (starlette, in_loop),
    "fastapi": (fastapi, in_loop),
    "wsgi": (wsgi, in_threads),
    "flask": (flask, in_threads),
    "django": (django_project, in_threads),
}


@contextmanager
def serve(adapter: str, mounted: Mounted) -> Iterator[str]:
    """The address of a proxy, with a slash at its end."""
    make, run = ADAPTERS[adapter]
    with run(make(mounted)) as url:
        yield url + PATH
