"""How many requests are under way at once."""

from __future__ import annotations

import asyncio
import math
import time


class Room:
    """Lets in at most so many tasks at once, in the order in which they came.

    A pool of connections lets who comes at the right moment go first, and others wait for ever.
    """

    def __init__(self, most: int) -> None:
        self._places = asyncio.Semaphore(most)

    async def enter(self, seconds: float = math.inf) -> float:
        """Wait for a place, which `leave` gives back; returns what is left of `seconds`.

        Raises `TimeoutError` where there is none in time.
        """
        if not self._places.locked():
            await self._places.acquire()
            return seconds
        start = time.monotonic()
        async with asyncio.timeout(None if seconds == math.inf else seconds):
            await self._places.acquire()
        return max(seconds - (time.monotonic() - start), 0.001)

    def leave(self) -> None:
        """Give a place back."""
        self._places.release()
