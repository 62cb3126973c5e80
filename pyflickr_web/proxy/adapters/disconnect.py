"""Ends what runs for a client when it disconnects, in an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pyflickr_web.proxy.adapters.bodies import Gone

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
# Seconds after which a call is watched: a short one ends before a task for that has paid off.
WATCH_AFTER = 0.05


async def run_while_connected(call: Awaitable[Any], receive: Receive) -> Any:
    """Return what `call` returns; cancel it and raise `Gone` if the client disconnects before.

    `receive` is that of ASGI, by which the body has been read.
    """
    # A timeout without a time cancels as asyncio prescribes, also where somebody else cancels too.
    limit = asyncio.timeout(None)
    try:
        async with limit, _Watch(limit, receive):
            return await call
    except TimeoutError:
        if limit.expired():
            raise Gone from None
        raise


class _Watch:
    """Lets `limit` expire when the client disconnects, from `WATCH_AFTER` on until it is left."""

    def __init__(self, limit: asyncio.Timeout, receive: Receive) -> None:
        self._limit = limit
        self._receive = receive
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(WATCH_AFTER, self._start)

    async def __aexit__(self, *_error: object) -> None:
        self._timer.cancel()
        if self._task:
            self._task.cancel()

    def _start(self) -> None:
        self._task = asyncio.create_task(self._expire_on_disconnect())

    async def _expire_on_disconnect(self) -> None:
        body_ended = False
        while (message := await self._receive())["type"] != "http.disconnect":
            # Some servers repeat the end of the body instead of waiting.
            if body_ended:
                return
            body_ended = not message.get("more_body")
        # Any moment that is over.
        self._limit.reschedule(0)
