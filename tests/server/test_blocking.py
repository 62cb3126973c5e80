"""Test that a task that is cancelled leaves no thread at work, except one that only waits."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from pyflickr_web.core.flow import BlockingEffect, Request
from pyflickr_web.transports.blocking import WaitingEffect, call_in_thread
from pyflickr_web.transports.gather import Gather
from pyflickr_web.transports.tasks import TaskDriver
from tests.support.loops import run
from tests.support.timeouts import TIMEOUT

# Steps of the loop in which a task that is not held back has ended.
STEPS = 20


class HeldFunction:
    """A function that waits in its thread until the test lets it go on."""

    def __init__(self) -> None:
        self.begun, self.leave = threading.Event(), threading.Event()
        self.is_done = False

    def __call__(self) -> None:
        self.begun.set()
        assert self.leave.wait(TIMEOUT)
        self.is_done = True


async def cancel(task: asyncio.Task[Any], held: HeldFunction) -> bool:
    """Cancel a task once the function is called; return True if it has ended before the function."""
    assert await asyncio.to_thread(held.begun.wait, TIMEOUT)
    for _ in range(STEPS):
        # Repeated, as anyio does.
        task.cancel()
        await asyncio.sleep(0)
    return task.done()


def perform(held: HeldFunction, kind: type[BlockingEffect]) -> Any:
    effect = kind()
    effect.perform = held  # type: ignore[method-assign]
    yield effect


@pytest.mark.parametrize(("kind", "is_left"), [(BlockingEffect, False), (WaitingEffect, True)])
def test_cancelled_flow_ends_after_its_effect(kind: type[BlockingEffect], is_left: bool) -> None:
    async def check() -> None:
        held = HeldFunction()
        task = asyncio.create_task(TaskDriver(_send_nothing).run(perform(held, kind)))
        try:
            assert await cancel(task, held) is is_left
        finally:
            held.leave.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert is_left or held.is_done

    run(check())


async def _send_nothing(request: Any) -> None:
    raise AssertionError(request)


def test_failed_flow_ends_a_gather_after_the_effects_of_the_others() -> None:
    async def check() -> None:
        held = HeldFunction()

        async def fail(request: Any) -> None:
            await asyncio.to_thread(held.begun.wait, TIMEOUT)
            raise ValueError("in another flow")

        def send() -> Any:
            yield Request("http://localhost/")

        def gather() -> Any:
            yield Gather([perform(held, BlockingEffect), send()], 2)

        task = asyncio.create_task(TaskDriver(fail).run(gather()))
        assert await asyncio.to_thread(held.begun.wait, TIMEOUT)
        for _ in range(STEPS):
            await asyncio.sleep(0)
        held.leave.set()
        with pytest.raises(ValueError, match="in another flow"):
            await task
        assert held.is_done

    run(check())


def test_function_is_asked_to_end_and_its_error_is_left_out() -> None:
    async def check() -> None:
        held, errors = HeldFunction(), list[Any]()
        asyncio.get_running_loop().set_exception_handler(lambda loop, told: errors.append(told))

        def fail() -> None:
            held()
            raise ValueError("in the thread")

        task = asyncio.create_task(call_in_thread(fail, held.leave.set))
        await cancel(task, held)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert held.is_done and not errors

    run(check())


def test_result_and_error_of_a_function_are_passed_on() -> None:
    assert run(call_in_thread(lambda: 7)) == 7
    with pytest.raises(ValueError, match="invalid literal"):
        run(call_in_thread(lambda: int("x")))
