"""The examples of “sign in with Flickr”, served for real, and clicked through in Chromium."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import uvicorn
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from pyflickr_web.sandbox import Sandbox


@contextmanager
def _flask() -> Iterator[str]:
    from examples.sign_in.flask_app import app

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _fastapi() -> Iterator[str]:
    from examples.sign_in.fastapi_app import app

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


@pytest.fixture
def _sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(photos=5) as sandbox:
        monkeypatch.setenv("FLICKR_API_KEY", sandbox.account.api_key)
        monkeypatch.setenv("FLICKR_SECRET", sandbox.account.secret)
        monkeypatch.setenv("FLICKR_BASE_URL", sandbox.url)
        yield sandbox


Serve = Callable[[], AbstractContextManager[str]]


@pytest.mark.usefixtures("_sandbox")
@pytest.mark.parametrize("serve", [_flask, _fastapi])
def test_visitor_signs_in(serve: Serve, page: Page) -> None:
    with serve() as url:
        page.goto(url)
        page.get_by_role("link", name="Sign in with Flickr").click()
        page.get_by_role("button", name="Allow").click()
        expect(page.get_by_text("Hello, sandbox!")).to_be_visible()


@pytest.mark.usefixtures("_sandbox")
@pytest.mark.parametrize("serve", [_flask, _fastapi])
def test_visitor_who_says_no_is_told(serve: Serve, page: Page) -> None:
    with serve() as url:
        page.goto(url + "/login")
        page.get_by_role("button", name="Deny").click()
        expect(page.get_by_text("the person did not allow it")).to_be_visible()
