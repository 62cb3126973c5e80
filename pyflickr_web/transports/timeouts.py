"""Time limits that many tasks have at once. One timer of the event loop looks after them all: each of
asyncio's own sets and unsets one, which takes longer than the rest of a wait that is short."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType

# Seconds that a limit may be late.
TICK = 0.05


class Timeouts:
    """Limits of tasks in one event loop: `async with timeouts.within(seconds)` raises `TimeoutError`."""

    def __init__(self) -> None:
        self._ends: dict[asyncio.Timeout, float] = {}
        self._ticking = False

    def within(self, seconds: float) -> _Within:
        """A limit that begins when it is entered; like `asyncio.timeout`, but for its timer."""
        return _Within(self, seconds)

    def watch(self, limit: asyncio.Timeout, seconds: float) -> None:
        """Let a limit that has been entered expire by then."""
        self._ends[limit] = time.monotonic() + seconds
        if not self._ticking:
            self._ticking = True
            self._tick_later()

    def forget(self, limit: asyncio.Timeout) -> None:
        """A limit that is about to be left expires no more."""
        self._ends.pop(limit, None)

    def _tick_later(self) -> None:
        asyncio.get_running_loop().call_later(TICK, self._tick)

    def _tick(self) -> None:
        now = time.monotonic()
        for limit in [limit for limit, end in self._ends.items() if end <= now]:
            del self._ends[limit]
            # Any moment that is over.
            limit.reschedule(0)
        if self._ends:
            self._tick_later()
        else:
            self._ticking = False


class _Within:
    def __init__(self, timeouts: Timeouts, seconds: float) -> None:
        self._timeouts = timeouts
        self._seconds = seconds
        self._limit = asyncio.timeout(None)

    async def __aenter__(self) -> None:
        await self._limit.__aenter__()
        self._timeouts.watch(self._limit, self._seconds)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timeouts.forget(self._limit)
        await self._limit.__aexit__(kind, error, trace)
