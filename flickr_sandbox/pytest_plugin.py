"""The pytest fixtures `flickr_sandbox`: a local Flickr, reset for each test; and `flickr_client`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flickr_sandbox import Sandbox
    from pyflickr_web import Flickr


@pytest.fixture(scope="session")
def flickr_sandbox_options() -> dict[str, Any]:
    """Options for `Sandbox`, such as `{"photos": 5000}`; override the fixture in a `conftest.py`."""
    return {}


@pytest.fixture(scope="session")
def flickr_sandbox_server(flickr_sandbox_options: dict[str, Any]) -> Iterator[Sandbox]:
    """Start one sandbox for all tests, also for fixtures that need its address early."""
    from flickr_sandbox import Sandbox

    with Sandbox(**flickr_sandbox_options) as sandbox:
        sandbox.mark()
        yield sandbox


@pytest.fixture
def flickr_sandbox(flickr_sandbox_server: Sandbox) -> Sandbox:
    """A sandbox in its initial state: a new library, no faults, counters at zero."""
    flickr_sandbox_server.reset()
    return flickr_sandbox_server


@pytest.fixture
def flickr_client(flickr_sandbox: Sandbox) -> Iterator[Flickr]:
    """A client of `flickr_sandbox`, signed in as its account; it ignores the environment."""
    with flickr_sandbox.client() as client:
        yield client
