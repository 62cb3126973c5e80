"""The driver of the proxy's flows in an event loop. It cancels a call if the client disconnects."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Request
from pyflickr_web.proxy.adapters.piece_readers import ClientDisconnected
from pyflickr_web.proxy.calls.effects import (
    CacheGet,
    CacheSet,
    CurrentTime,
    InFlightCall,
    RateHit,
)
from pyflickr_web.transports.stream import Receive as Piece
from pyflickr_web.transports.tasks import Send, TaskDriver

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.proxy.stores.in_flight import Slot
    from pyflickr_web.proxy.stores.memory import Stores
    from pyflickr_web.proxy.stores.redis_drivers import RedisTasks

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
# Seconds until a task starts to watch for a disconnect: most calls are over by then.
WATCH_AFTER = 0.05


class ProxyTaskDriver(TaskDriver):
    """Runs the flows of a proxy in an event loop."""

    def __init__(self, send: Send, stores: Stores, redis: RedisTasks | None = None) -> None:
        super().__init__(send)
        self._single_flights: dict[str, _Flight] = {}
        # Most effects need no await, which would take longer than the effects themselves.
        self._sync_performers: dict[type, Callable[[Any], Any]] = {}
        self._async_performers: dict[type, Callable[[Any], Awaitable[Any]]] = {
            Piece: lambda effect: effect.source(),
            Request: send,
        }
        store_effects = (CacheGet, CacheSet, RateHit)
        if redis is None:
            self._sync_performers |= dict.fromkeys(store_effects, stores.perform)
        else:
            self._async_performers |= dict.fromkeys(store_effects, redis.perform)

    async def run(
        self, flow: Flow, slot: Slot | None = None, receive: Receive | None = None
    ) -> Any:
        """Run a flow and return its result. Its call occupies `slot`, and is cancelled if the client
        behind `receive` disconnects."""
        result = None
        try:
            while True:
                effect = flow.send(result)
                kind = type(effect)
                if kind is CurrentTime:
                    result = time.monotonic()
                elif perform := self._sync_performers.get(kind):
                    result = perform(effect)
                elif kind is InFlightCall:
                    result = await self._call(effect, slot, receive)
                else:
                    result = await self._async_performers.get(kind, self._perform)(effect)
        except StopIteration as stop:
            return stop.value

    async def _call(self, effect: InFlightCall, slot: Slot | None, receive: Receive | None) -> Any:
        if slot:
            slot.occupy(effect.caller)
        if effect.key is None:
            call = self.run(effect.flow)
        else:
            call = self._run_single_flight(effect.key, effect.flow)
        if receive is None or not effect.cancellable:
            return await call
        return await run_while_connected(call, receive)

    async def _run_single_flight(self, key: str, flow: Flow) -> Any:
        flight = self._single_flights.get(key)
        if flight and not flight.task.done():
            flow.close()
        else:
            # In its own task, so that it can outlive the request that starts it.
            task = asyncio.create_task(self.run(flow))
            flight = self._single_flights[key] = _Flight(task)
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                flight.task.cancel()
                if self._single_flights.get(key) is flight:
                    del self._single_flights[key]


@dataclass(slots=True)
class _Flight:
    """A flow, and the number of requests that wait for its result."""

    task: asyncio.Task[Any]
    waiting: int = 0


async def run_while_connected(call: Awaitable[Any], receive: Receive) -> Any:
    """Return the result of `call`. If the client disconnects before, cancel it and raise
    `ClientDisconnected`.

    `receive` is ASGI's, after the whole body has been read.
    """
    # A timeout without a deadline cancels correctly even if the task is cancelled from outside too.
    limit = asyncio.timeout(None)
    watch: asyncio.Task[None] | None = None

    def start_watch() -> None:
        nonlocal watch
        watch = asyncio.create_task(_expire_on_disconnect(limit, receive))

    timer = asyncio.get_running_loop().call_later(WATCH_AFTER, start_watch)
    try:
        async with limit:
            return await call
    except TimeoutError:
        if limit.expired():
            raise ClientDisconnected from None
        raise
    finally:
        timer.cancel()
        if watch:
            watch.cancel()


async def _expire_on_disconnect(limit: asyncio.Timeout, receive: Receive) -> None:
    body_ended = False
    while (message := await receive())["type"] != "http.disconnect":
        # Some servers repeat the end of the body instead of waiting.
        if body_ended:
            return
        body_ended = not message.get("more_body")
    # A time in the past.
    limit.reschedule(0)
