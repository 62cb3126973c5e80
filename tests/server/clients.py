"""Run a test's work with a client of either kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflickr_web import AsyncFlickr

Call = Callable[..., Any]
Both = Callable[[Callable[[Any], Any], dict[str, Any]], Any]


async def run_async(work: Callable[[Any], Any], options: dict[str, Any]) -> Any:
    async with AsyncFlickr(**options) as flickr:
        return await work(flickr)
