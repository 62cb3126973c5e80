"""Fixtures for other clients: a sandbox with plain consent, and a picture to upload."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.support.uploader import image


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A new sandbox for each test, which accepts consent by a plain form."""
    with Sandbox(photos=60, seed=1, plain_consent=True) as sandbox:
        yield sandbox


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture in a file."""
    file = tmp_path / "grüße von hier.png"
    file.write_bytes(image("PNG", (30, 20)))
    return file
