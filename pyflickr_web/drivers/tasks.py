"""Runs flows in an event loop."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import BlockingEffect, Request, Response, Sleep, run
from pyflickr_web.core.paging import AsyncListing

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow

Send = Callable[[Request], Awaitable[Response | None]]


class TaskDriver:
    """Runs flows; `send` answers their requests."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def run(self, flow: Flow) -> Any:
        """What a flow returns, or the next list that a listing finds."""
        return await run(flow, self._perform)

    def iterate(self, flow: Flow) -> AsyncListing:
        """What a listing finds, one by one; a page is asked for when it is wanted."""
        return AsyncListing(flow, self.run)

    async def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Sleep):
            # A server may ask for a pause that is below 0.
            await asyncio.sleep(max(0.0, random.uniform(effect.least, effect.most)))
            return None
        if isinstance(effect, BlockingEffect):
            return await asyncio.to_thread(effect.perform)
        return await self._send(effect)
