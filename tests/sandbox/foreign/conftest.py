"""What these clients need of a sandbox: that a form can allow them, and a picture to send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flickr_sandbox import Sandbox
from tests.support.uploader import image


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One that is the test's alone."""
    with Sandbox(photos=60, seed=1, plain_consent=True) as sandbox:
        yield sandbox


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture in a file."""
    file = tmp_path / "grüße von hier.png"
    file.write_bytes(image("PNG", (30, 20)))
    return file
