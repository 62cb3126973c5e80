"""The driver of the proxy's flows in threads."""

from __future__ import annotations

import time
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.calls.effects import (
    CacheGet,
    CacheSet,
    CurrentTime,
    InFlightCall,
    RateHit,
)
from pyflickr_web.transports.stream import Receive
from pyflickr_web.transports.threads import Send, ThreadDriver

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow
    from pyflickr_web.proxy.stores.in_flight import Slot
    from pyflickr_web.proxy.stores.memory import Stores
    from pyflickr_web.proxy.stores.redis_drivers import RedisThreads


class ProxyThreadDriver(ThreadDriver):
    """Runs the flow of one request, whose call occupies `slot`."""

    def __init__(
        self,
        send: Send,
        stores: Stores | RedisThreads,
        single_flights: dict[str, Future[Any]],
        slot: Slot,
    ) -> None:
        super().__init__(send)
        self._stores = stores
        self._single_flights = single_flights
        self._slot = slot

    def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, CurrentTime):
            return time.monotonic()
        if isinstance(effect, CacheGet | CacheSet | RateHit):
            return self._stores.perform(effect)
        if isinstance(effect, InFlightCall):
            # WSGI servers do not report a disconnect.
            self._slot.occupy(effect.caller)
            if effect.key is None:
                return self.run(effect.flow)
            return self._run_single_flight(effect.key, effect.flow)
        if isinstance(effect, Receive):
            return effect.source()
        return super()._perform(effect)

    def _run_single_flight(self, key: str, flow: Flow) -> Any:
        own: Future[Any] = Future()
        while (flight := self._single_flights.setdefault(key, own)) is not own:
            try:
                result = flight.result()
            except CancelledError:
                # Only the thread that ran it was stopped: run it here.
                continue
            flow.close()
            return result
        try:
            result = self.run(flow)
        except BaseException as error:
            del self._single_flights[key]
            if isinstance(error, Exception):
                own.set_exception(error)
            else:
                own.cancel()
            raise
        del self._single_flights[key]
        own.set_result(result)
        return result
