"""Fixtures: options only from the test, clients of both kinds, an application and its visitor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr, Flickr
from tests.server.clients import Both, Call, run_async
from tests.server.uploads import Clock
from tests.server.visitor import Visitor
from tests.support.environment import bare_environment
from tests.support.loops import run

__all__ = ["bare_environment"]


@pytest.fixture(params=["threads", "tasks"])
def perform(request: pytest.FixtureRequest) -> Both:
    """Run work with a client made from options, `Flickr` or `AsyncFlickr`."""

    def perform(work: Callable[[Any], Any], options: dict[str, Any]) -> Any:
        if request.param == "threads":
            with Flickr(**options) as flickr:
                return work(flickr)
        return run(run_async(work, options))

    return perform


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(photos=20) as sandbox:
        yield sandbox


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock of uploads that their pauses advance."""
    clock = Clock()
    clock.install(monkeypatch)
    return clock


@pytest.fixture
def application(sandbox: Sandbox) -> dict[str, Any]:
    """The options of an application without a signed-in user."""
    account = sandbox.account
    return {"api_key": account.api_key, "secret": account.secret, "base_url": sandbox.url}


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """A user at the terminal, who types the code with spaces."""
    visitor = Visitor()
    monkeypatch.setattr("webbrowser.open", visitor.open)
    monkeypatch.setattr("builtins.input", lambda: visitor.code.replace("-", " "))
    monkeypatch.setattr("pyflickr_web.oauth.prompts.stdin_is_interactive", lambda: True)
    yield visitor
    visitor.leave()


@pytest.fixture(params=["threads", "tasks"])
def authenticate(request: pytest.FixtureRequest) -> Call:
    """Sign in with `Flickr` or `AsyncFlickr`."""
    if request.param == "threads":
        return Flickr.authenticate

    def authenticate_async(**options: Any) -> Any:
        async def sign_in() -> AsyncFlickr:
            async with await AsyncFlickr.authenticate(**options) as flickr:
                assert (await flickr.test.login())["stat"] == "ok"
                return flickr

        return run(sign_in())

    return authenticate_async
