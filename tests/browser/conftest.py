"""Two origins on localhost: one with the pages and a proxy endpoint, and a sandbox for Flickr."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from examples.demo.server import Demo
from flickr_sandbox import Sandbox
from tests.browser.origin import Origin, Recording


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Flickr, for all tests."""
    with Sandbox(photos=1000, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def site(sandbox: Sandbox) -> Iterator[Origin]:
    """The origin of the pages, with a proxy endpoint of its own."""
    origin = Origin("")
    handler = type("Recording", (Recording,), {"origin": origin})
    with Demo(sandbox, handler=handler) as demo:
        origin.url = demo.url
        yield origin


@pytest.fixture
def flickr(sandbox: Sandbox) -> Sandbox:
    """Flickr, which nobody has called yet."""
    sandbox.counts.clear()
    return sandbox
