"""Event loops of tests. Playwright leaves one running in the thread of the browser's tests, so what
makes one of its own runs apart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def apart(work: Callable[[], Result]) -> Result:
    """What a function returns, in a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine returns, in a loop of its own."""
    return apart(lambda: asyncio.run(work))
