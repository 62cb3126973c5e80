"""Fixtures: browser engines, and two origins: one with pages and a proxy endpoint, and a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import Browser

from examples.demo.server import Demo
from flickr_sandbox import Sandbox
from tests.browser.engines import EVERY
from tests.browser.origin import Origin, Recording
from tests.support.engines.browsers import find_driver
from tests.support.engines.engine import Chromium, Engine, start


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
def start_engine(browser: Browser) -> Iterator[Callable[[str], Engine]]:
    """Return a function that returns a page in an engine, which starts once for all tests."""
    with ExitStack() as browsers:

        @cache
        def start_once(name: str) -> Engine:
            if name == "chromium":
                return Chromium(browsers.enter_context(browser.new_context()).new_page())
            command = find_driver(name)
            assert command
            return browsers.enter_context(start(command))

        yield start_once


@pytest.fixture(params=EVERY)
def engine(request: pytest.FixtureRequest, start_engine: Callable[[str], Engine]) -> Engine:
    """Return an empty page in each engine."""
    engine = start_engine(request.param)
    engine.reset()
    return engine
