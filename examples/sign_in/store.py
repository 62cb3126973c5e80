"""A store for data of visitors, under names that nobody can guess."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class ExpiringStore(Generic[Value]):
    """Values in the memory of this process, under random names; safe for threads and tasks.

    A value expires after `seconds`. The store has at most `limit` values, and removes the oldest first.
    `clock` returns the time in seconds. For several processes, use a database.
    """

    def __init__(
        self, seconds: float, limit: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._limit = limit
        self._clock = clock
        self._values: OrderedDict[bytes, tuple[Value, float]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, value: Value) -> str:
        """Store a value and return its name: 256 random bits, as a text for a cookie."""
        name = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._values[_digest(name)] = value, now + self._seconds
            while len(self._values) > self._limit or self._next_expiry() <= now:
                self._values.popitem(last=False)
        return name

    def get(self, name: str | None) -> Value | None:
        """Return the value of a name; None if it is unknown or expired."""
        with self._lock:
            value, end = self._values.get(_digest(name or ""), (None, 0.0))
            return value if end > self._clock() else None

    def take(self, name: str | None) -> Value | None:
        """Return the value of a name, as `get` does, and remove it."""
        with self._lock:
            value, end = self._values.pop(_digest(name or ""), (None, 0.0))
            return value if end > self._clock() else None

    def _next_expiry(self) -> float:
        return next(iter(self._values.values()))[1]


def _digest(name: str) -> bytes:
    # The store has hashes: a leak of its contents gives no valid names.
    return hashlib.sha256(name.encode()).digest()
