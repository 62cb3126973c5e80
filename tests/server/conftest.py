"""A client's options come from nowhere but the test; an application, and somebody who signs in to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr, Flickr
from tests.loops import run
from tests.server.visitor import Visitor

Call = Callable[..., Any]
Both = Callable[[Callable[[Any], Any], dict[str, Any]], Any]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `FLICKR_…`, no `.env`, and settings in a folder of the test's own."""
    for name in os.environ:
        if name.startswith("FLICKR_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["threads", "tasks"])
def perform(request: pytest.FixtureRequest) -> Both:
    """Does something with a client made from options, on `Flickr` and on `AsyncFlickr`."""

    def perform(work: Callable[[Any], Any], options: dict[str, Any]) -> Any:
        if request.param == "threads":
            with Flickr(**options) as flickr:
                return work(flickr)
        return run(_awaited(work, options))

    return perform


async def _awaited(work: Callable[[Any], Any], options: dict[str, Any]) -> Any:
    async with AsyncFlickr(**options) as flickr:
        return await work(flickr)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(photos=20) as sandbox:
        yield sandbox


@pytest.fixture
def application(sandbox: Sandbox) -> dict[str, Any]:
    """The options of an application that nobody has signed in to."""
    account = sandbox.account
    return {"api_key": account.api_key, "secret": account.secret, "base_url": sandbox.url}


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """Somebody at the terminal, who types the code with spaces in it."""
    visitor = Visitor()
    monkeypatch.setattr("webbrowser.open", visitor.open)
    monkeypatch.setattr("builtins.input", lambda _: visitor.code.replace("-", " "))
    monkeypatch.setattr("pyflickr_web.oauth.person.is_there", lambda: True)
    yield visitor
    visitor.leave()


@pytest.fixture(params=["threads", "tasks"])
def authenticate(request: pytest.FixtureRequest) -> Call:
    """Signs in on `Flickr` and on `AsyncFlickr`."""
    if request.param == "threads":
        return Flickr.authenticate

    def awaited(**options: Any) -> Any:
        async def sign_in() -> AsyncFlickr:
            async with await AsyncFlickr.authenticate(**options) as flickr:
                assert (await flickr.test.login())["stat"] == "ok"
                return flickr

        return run(sign_in())

    return awaited
