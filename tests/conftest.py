"""Fixtures for all tests."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect

from tests.support.chromium import launch_options
from tests.support.timeouts import TIMEOUT

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # The hundreds of programs that tests start need not compile the package each time.
    _bytecode = tempfile.TemporaryDirectory(prefix="bytecode", ignore_cleanup_errors=True)
    os.environ["PYTHONPYCACHEPREFIX"] = _bytecode.name
_patient: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("soak", max_examples=50_000, **_patient)
# `make test` fails neither by the speed of a machine nor by chance: each run has the same examples.
settings.register_profile("test", derandomize=True, **_patient)
settings.load_profile("test")
# Milliseconds.
expect.set_options(timeout=TIMEOUT * 1000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Return the options with which pytest-playwright launches the installed Chromium."""
    return launch_options()


@pytest.fixture(scope="session")
def base_url() -> None:
    """Override pytest-playwright's fixture, of which pytest warns; our servers choose their ports."""
