"""Fixtures for programs of other projects: a sandbox that plays Flickr's hosts, and a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.support.uploader import image


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A new sandbox for each test; at the end, no program has asked another host."""
    with Sandbox(photos=60, seed=1, plain_consent=True, intercept=True) as sandbox:
        yield sandbox
        assert [request.url for request in sandbox.requests.find("refused")] == []


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture in a file."""
    file = tmp_path / "grüße von hier.png"
    file.write_bytes(image("PNG", (30, 20)))
    return file
