"""Call functions that block in threads of an event loop; a cancelled task waits until they end."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from pyflickr_web.core.flow import BlockingEffect

Result = TypeVar("Result")


class WaitingEffect(BlockingEffect):
    """An effect that changes nothing, such as a prompt: a cancelled task does not wait for its end."""


async def call_in_thread(
    function: Callable[[], Result], on_cancel: Callable[[], object] = lambda: None
) -> Result:
    """Call a function in a thread, and return its result.

    A task that is cancelled waits until the function has ended. Otherwise the thread would still write
    to a folder that the task has unlocked. `on_cancel` may ask the function to end early.
    """
    # Not needed by threads, and slow to import.
    import asyncio

    work = asyncio.get_running_loop().run_in_executor(None, partial(copy_context().run, function))
    cancelled: asyncio.CancelledError | None = None
    while not work.done():
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError as error:
            cancelled = error
            on_cancel()
    if cancelled:
        # The cancellation counts. asyncio logs an error that is not looked at.
        work.exception()
        raise cancelled
    return work.result()
