"""Fixtures: browser engines, and two origins: one with pages and a proxy endpoint, and a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from examples.demo.server import Demo
from flickr_sandbox import Sandbox
from tests.browser.engines import EVERY
from tests.browser.origin import Origin, Recording
from tests.support.engines.browsers import find_driver
from tests.support.engines.engine import Chromium, Driven, Engine, start


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Run a sandbox for all tests."""
    with Sandbox(photos=1000, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def site(sandbox: Sandbox) -> Iterator[Origin]:
    """Run the origin of the pages, with a proxy endpoint."""
    origin = Origin("")
    handler = type("Recording", (Recording,), {"origin": origin})
    with Demo(sandbox, handler=handler) as demo:
        origin.url = demo.url
        yield origin


@pytest.fixture
def flickr(sandbox: Sandbox) -> Sandbox:
    """Return the sandbox with empty counts of calls."""
    sandbox.counts.clear()
    return sandbox


@pytest.fixture(scope="session")
def driven() -> Iterator[Callable[[str], Driven]]:
    """Return a function that starts Firefox or WebKit once, for all tests."""
    with ExitStack() as browsers:

        @cache
        def start_once(name: str) -> Driven:
            command = find_driver(name)
            assert command
            return browsers.enter_context(start(command))

        yield start_once


@pytest.fixture(params=EVERY)
def engine(request: pytest.FixtureRequest, driven: Callable[[str], Driven]) -> Engine:
    """Return an empty page in each engine."""
    if request.param == "chromium":
        return Chromium(request.getfixturevalue("page"))
    browser = driven(request.param)
    browser.reset()
    return browser
