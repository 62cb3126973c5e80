"""Fixtures with two origins on localhost: one with pages and a proxy endpoint, and a sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from examples.demo.server import Demo
from flickr_sandbox import Sandbox
from tests.browser.origin import Origin, Recording


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
