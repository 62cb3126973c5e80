"""Fixtures that all tests share."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import expect

from tests.support.chromium import launch_options

settings.register_profile("soak", max_examples=50_000, deadline=None)
# Milliseconds: a page is waited for however busy this machine is.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """What pytest-playwright launches: a Chromium that is there already."""
    return launch_options()


@pytest.fixture(scope="session")
def base_url() -> None:
    """pytest-playwright's own, which pytest warns of; our servers choose their ports."""
