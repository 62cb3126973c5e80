"""pytest's fixture `flickr_sandbox`: a local Flickr for each test, with its library as new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flickr_sandbox import Sandbox


@pytest.fixture(scope="session")
def flickr_sandbox_options() -> dict[str, Any]:
    """What `Sandbox` is made with; override it in a `conftest.py`, such as `{"photos": 5000}`."""
    return {}


@pytest.fixture(scope="session")
def flickr_sandbox_server(flickr_sandbox_options: dict[str, Any]) -> Iterator[Sandbox]:
    """One sandbox for all tests, for fixtures that need its address early."""
    from flickr_sandbox import Sandbox

    with Sandbox(**flickr_sandbox_options) as sandbox:
        sandbox.mark()
        yield sandbox


@pytest.fixture
def flickr_sandbox(flickr_sandbox_server: Sandbox) -> Sandbox:
    """A sandbox that no other test has touched: its library as new, no faults, nothing counted."""
    flickr_sandbox_server.reset()
    return flickr_sandbox_server
