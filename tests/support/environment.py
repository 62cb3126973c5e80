"""A fixture that removes options of clients from the environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove the options of clients, and use folders of the test."""
    clear_environment(monkeypatch, tmp_path)


def clear_environment(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Remove `FLICKR_…` and `.env`, and use `folder` for settings, caches and journals."""
    for name in os.environ:
        if name.startswith("FLICKR_"):
            patch.delenv(name)
    patch.setenv("XDG_CONFIG_HOME", str(folder / "settings"))
    patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    patch.setenv("XDG_STATE_HOME", str(folder / "state"))
    patch.chdir(folder)
