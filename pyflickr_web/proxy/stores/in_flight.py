"""Limits on requests in flight, and on the bytes of their bodies, in one process."""

from __future__ import annotations

import threading
from collections import Counter, deque
from types import TracebackType
from typing import Any

from pyflickr_web.proxy.calls.message import Refusal

# Bodies up to this length are not counted; most bodies of calls are shorter.
SHORT = 64 * 1024
_LATER = {"retry-after": "1"}


class InFlight:
    """Counts requests that wait for Flickr or send its answer: up to `most`, and up to `each` for one
    client or visitor."""

    def __init__(self, most: int, each: int) -> None:
        self._most = most
        self._each = each
        self._count = 0
        self._by_client: Counter[str | None] = Counter()
        # Released slots are queued here, because the garbage collector may release one while this
        # thread holds the lock.
        self._released: deque[str | None] = deque()
        self._lock = threading.Lock()

    def slot(self) -> Slot:
        """Return a slot for one request; it does not count yet."""
        return Slot(self)

    def add(self, caller: str | None) -> None:
        """Count a slot for `caller`; None has no limit. Raises `Refusal` if there are too many."""
        with self._lock:
            self._subtract_released()
            if self._count >= self._most:
                raise Refusal(429, "too many requests at once: try again", headers=_LATER)
            if caller is not None and self._by_client[caller] >= self._each:
                message = (
                    "too many requests from you at once: wait for their answers, then try again"
                )
                raise Refusal(429, message, headers=_LATER)
            self._count += 1
            self._by_client[caller] += 1

    def release(self, caller: str | None) -> None:
        """Stop counting a slot of `caller`."""
        self._released.append(caller)

    def _subtract_released(self) -> None:
        while self._released:
            caller = self._released.popleft()
            self._count -= 1
            self._by_client[caller] -= 1
            if not self._by_client[caller]:
                del self._by_client[caller]


class Slot:
    """A request's slot among those in flight: it counts from `occupy` until `release`, or until the end
    of its `with` block."""

    def __init__(self, in_flight: InFlight) -> None:
        self._in_flight = in_flight
        self._caller: str | None = None
        self._is_occupied = False

    def occupy(self, caller: str | None) -> None:
        """Count this request for `caller`. Raises `Refusal` if there are too many."""
        self._in_flight.add(caller)
        self._caller, self._is_occupied = caller, True

    def release(self) -> None:
        """Stop counting this request, if it is counted."""
        if self._is_occupied:
            self._is_occupied = False
            self._in_flight.release(self._caller)

    # A server may drop a response without closing it.
    __del__ = release

    def __reduce__(self) -> Any:
        # Caches of frameworks pickle responses with their attributes.
        return _free_slot, ()

    def __enter__(self) -> Slot:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _free_slot() -> Slot:
    return InFlight(0, 0).slot()


class LongBodies:
    """Counts the bytes of long request bodies in memory, up to `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._lock = threading.Lock()

    def grow(self, held: int, length: int) -> int:
        """Count a body that has grown to `length`, and return the bytes that are counted for it now.

        `held` is the number counted before. Raises `Refusal` if there are too many bytes.
        """
        with self._lock:
            if self._bytes + length - held > self._most:
                raise Refusal(429, "too many bodies at once: try again", headers=_LATER)
            self._bytes += length - held
        return length

    def end(self, held: int) -> None:
        """Stop counting `held` bytes of a body."""
        with self._lock:
            self._bytes -= held


class HeldBody:
    """A counter of one request's body, from `grow` until the end of its `with` block."""

    def __init__(self, bodies: LongBodies) -> None:
        self._bodies = bodies
        self._held = 0

    def grow(self, length: int) -> None:
        """Count the body at its present length. Raises `Refusal` if there are too many bytes."""
        if length > SHORT:
            self._held = self._bodies.grow(self._held, length)

    def __enter__(self) -> HeldBody:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._held:
            self._bodies.end(self._held)
