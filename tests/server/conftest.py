"""A client's options come from nowhere but the test."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web import AsyncFlickr, Flickr
from tests.loops import run

Call = Callable[..., Any]
Both = Callable[[Callable[[Any], Any], dict[str, Any]], Any]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `FLICKR_…`, no `.env`, and settings in a folder of the test's own."""
    for name in os.environ:
        if name.startswith("FLICKR_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["threads", "tasks"])
def perform(request: pytest.FixtureRequest) -> Both:
    """Does something with a client made from options, on `Flickr` and on `AsyncFlickr`."""

    def perform(work: Callable[[Any], Any], options: dict[str, Any]) -> Any:
        if request.param == "threads":
            with Flickr(**options) as flickr:
                return work(flickr)
        return run(_awaited(work, options))

    return perform


async def _awaited(work: Callable[[Any], Any], options: dict[str, Any]) -> Any:
    async with AsyncFlickr(**options) as flickr:
        return await work(flickr)
