"""Fixtures that all tests share."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import expect

from compiler.parse import SNAPSHOT
from tests.support.chromium import find

ROOT = Path(__file__).parent.parent
settings.register_profile("soak", max_examples=50_000, deadline=None)
# Milliseconds: a page is waited for however busy this machine is.
expect.set_options(timeout=30_000)
CONFIG = runpy.run_path(str(ROOT / "playwright.config.py"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """What pytest-playwright launches: a Chromium that is there already."""
    return {
        "executable_path": find(),
        "args": CONFIG["LAUNCH_ARGS"],
        "headless": CONFIG["HEADLESS"],
    }


@pytest.fixture(scope="session")
def base_url() -> None:
    """pytest-playwright's own, which pytest warns of; our servers choose their ports."""


def reflections() -> list[Path]:
    """The snapshot, and every reflection that FLICKR_REFLECTION holds."""
    folder = os.environ.get("FLICKR_REFLECTION")
    return [SNAPSHOT, *(sorted(Path(folder).iterdir()) if folder else [])]
