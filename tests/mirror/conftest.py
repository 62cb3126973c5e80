"""Fixtures of the tests that mirror an account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.mirror.mirroring import Mirroring, open_sandbox


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def account(shared_sandbox: Sandbox) -> Iterator[Sandbox]:
    """A sandbox whose changes end with the test."""
    shared_sandbox.reset()
    yield shared_sandbox


@pytest.fixture
def mirroring(account: Sandbox, tmp_path: Path) -> Mirroring:
    """Runs downsync with threads."""
    return Mirroring(account, tmp_path / "mirror")


@pytest.fixture(params=["threads", "tasks"])
def either(request: pytest.FixtureRequest, account: Sandbox, tmp_path: Path) -> Mirroring:
    """Runs downsync with threads, then with tasks."""
    return Mirroring(account, tmp_path / "mirror", is_async=request.param == "tasks")
