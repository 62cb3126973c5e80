"""A streamed body on its way, in an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from pyflickr_web.core.flow import Response
from pyflickr_web.transports.limits import LowestRate, TooSlow
from pyflickr_web.transports.message import Late
from pyflickr_web.transports.stream import Streamed, sent_in_loop


class Sending:
    """A body on its way: within `timeout` seconds each piece must have been taken, and then answered.

    `limit` is to be entered around the request; it raises `TimeoutError`.
    """

    def __init__(self, streamed: Streamed, timeout: float) -> None:
        self.limit = asyncio.timeout(timeout)
        self._streamed = streamed
        self._timeout = timeout
        self._broken: Exception | None = None
        self._too_slow: TooSlow | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        """What aiohttp is to send. While the next piece is still to come, no time is counted."""
        rate, clock = LowestRate(), asyncio.get_running_loop().time
        try:
            async for piece in sent_in_loop(self._streamed.open()):
                self._wait()
                start = clock()
                yield piece
                self._wait(for_ever=True)
                rate.add(len(piece), clock() - start)
        except TooSlow as error:
            self._too_slow = error
            raise
        except Exception as error:
            self._broken = error
            raise
        self._wait()

    def unanswered(self, response: Response) -> Response:
        """What stands for an answer that did not come; raises what has broken the body off."""
        if self._broken:
            raise self._broken from None
        return Late() if self._too_slow else response

    def _wait(self, for_ever: bool = False) -> None:
        end = asyncio.get_running_loop().time() + self._timeout
        if not self.limit.expired():
            self.limit.reschedule(None if for_ever else end)
