"""Run coroutines of tests in a thread of their own.

Playwright leaves an event loop running in the thread of the browser's tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_in_thread(work: Callable[[], Result]) -> Result:
    """Call a function in a new thread and return its result."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a new event loop and return its result."""
    return run_in_thread(lambda: asyncio.run(work))
