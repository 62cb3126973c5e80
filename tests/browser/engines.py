"""Parameters for the fixture `engine`: Chromium, and Firefox and WebKit where they are installed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.engines.browsers import find_driver
from tests.support.vectors import BUNDLES

NAMES = ("chromium", "firefox", "webkit")


def in_engine(name: str, *values: Any, marks: Any = ()) -> Any:
    """Return a parameter set that begins with an engine; it is skipped if the engine is missing."""
    if name == "chromium":
        return pytest.param(name, *values, marks=marks)
    missing = pytest.mark.skipif(
        find_driver(name) is None, reason=f"no {name}: `make engines` installs it"
    )
    return pytest.param(name, *values, marks=[*marks, missing, pytest.mark.engine])


# Each edition and each format once; `make soak` runs the others.
QUICK_BUNDLES = ("flickrapi.js", "flickrapi.dev.mjs")


def soak_unless(is_quick: bool) -> list[pytest.MarkDecorator]:
    """Return the marks of a case that `make test` only runs if it is quick."""
    return [] if is_quick else [pytest.mark.soak]


ALL_BUNDLES = [
    pytest.param(bundle, marks=soak_unless(bundle in QUICK_BUNDLES)) for bundle in BUNDLES
]
EVERY = [in_engine(name) for name in NAMES]
