"""The examples of “sign in with Flickr”, served for real, and clicked through in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect

from pyflickr_web.sandbox import Sandbox
from tests.web import in_loop, in_threads


def _flask() -> AbstractContextManager[str]:
    from examples.sign_in.flask_app import app

    return in_threads(app)


def _fastapi() -> AbstractContextManager[str]:
    from examples.sign_in.fastapi_app import app

    return in_loop(app)


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
