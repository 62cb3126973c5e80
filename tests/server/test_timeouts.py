"""Limits that one timer looks after act as `asyncio.timeout` does."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from pyflickr_web.transports import timeouts
from pyflickr_web.transports.timeouts import Timeouts
from tests.support.loops import run

# Seconds: never, for a test.
LONG = 600.0


@pytest.fixture(autouse=True)
def tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer that is soon there."""
    monkeypatch.setattr(timeouts, "TICK", 0.001)


def test_what_takes_longer_is_ended_and_what_does_not_is_left_alone() -> None:
    async def main() -> None:
        limits = Timeouts()
        ended = asyncio.Event()

        async def in_time() -> str:
            async with limits.within(LONG):
                await ended.wait()
            return "done"

        other = asyncio.create_task(in_time())
        # The second time no timer is left from the first.
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with limits.within(0.002):
                    await asyncio.Event().wait()
        ended.set()
        assert await other == "done"

    run(main())


def test_limit_that_was_left_ends_nothing_later() -> None:
    async def main() -> None:
        limits, others = Timeouts(), Timeouts()
        async with limits.within(0.002):
            """Done at once."""
        # Long enough for a timer to find that nothing is left to look after.
        with pytest.raises(TimeoutError):
            async with others.within(0.02):
                await asyncio.Event().wait()
        with pytest.raises(TimeoutError):
            async with limits.within(0.002):
                await asyncio.Event().wait()

    run(main())


def test_who_is_cancelled_is_cancelled() -> None:
    async def main() -> None:
        limits = Timeouts()

        async def waiting() -> None:
            async with limits.within(LONG):
                await asyncio.Event().wait()

        task = asyncio.create_task(waiting())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(main())


def test_what_takes_its_time_to_end_is_ended_once() -> None:
    async def main() -> list[object]:
        limits, others = Timeouts(), Timeouts()
        faults: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
        with pytest.raises(TimeoutError):
            async with limits.within(0.002):
                try:
                    await asyncio.Event().wait()
                finally:
                    with suppress(TimeoutError):
                        async with others.within(0.02):
                            await asyncio.Event().wait()
        return faults

    assert run(main()) == []


def test_error_within_is_not_hidden() -> None:
    async def main() -> None:
        limits = Timeouts()
        with pytest.raises(ValueError, match="why"):
            async with limits.within(LONG):
                raise ValueError("why")

    run(main())


def test_limit_within_a_limit_ends_what_is_within() -> None:
    async def main() -> None:
        limits = Timeouts()
        async with limits.within(LONG):
            with pytest.raises(TimeoutError):
                async with limits.within(0.002):
                    await asyncio.Event().wait()
        with pytest.raises(TimeoutError):
            async with limits.within(0.002), limits.within(LONG):
                await asyncio.Event().wait()

    run(main())
