"""Parameters for the fixture `engine`: Chromium, and Firefox and WebKit where they are installed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.engines.browsers import find_driver

NAMES = ("chromium", "firefox", "webkit")


def in_engine(name: str, *values: Any, marks: Any = ()) -> Any:
    """Return a parameter set that begins with an engine; it is skipped if the engine is missing."""
    if name == "chromium":
        return pytest.param(name, *values, marks=marks)
    missing = pytest.mark.skipif(
        find_driver(name) is None, reason=f"no {name}: `make engines` installs it"
    )
    return pytest.param(name, *values, marks=[*marks, missing, pytest.mark.engine])


EVERY = [in_engine(name) for name in NAMES]
