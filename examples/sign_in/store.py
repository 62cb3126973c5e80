"""What a server keeps of its visitors, under names that nobody can guess."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values in the memory of this process, under random names; for threads and tasks alike.

    Each is kept for `seconds`, and at most `most` of them: the oldest go first. `clock` tells seconds.
    A site of several processes keeps the same in its database.
    """

    def __init__(
        self, seconds: float, most: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._values: OrderedDict[bytes, tuple[Value, float]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, value: Value) -> str:
        """Keep a value; returns its name, 256 bits of chance as a text for a cookie."""
        name = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._values[_digest(name)] = value, now + self._seconds
            while len(self._values) > self._most or self._oldest_ends() <= now:
                self._values.popitem(last=False)
        return name

    def get(self, name: str | None) -> Value | None:
        """The value of a name; None where there is none, or where its time is over."""
        with self._lock:
            value, end = self._values.get(_digest(name or ""), (None, 0.0))
            return value if end > self._clock() else None

    def take(self, name: str | None) -> Value | None:
        """As `get`, and the value is kept no longer."""
        with self._lock:
            value, end = self._values.pop(_digest(name or ""), (None, 0.0))
            return value if end > self._clock() else None

    def _oldest_ends(self) -> float:
        return next(iter(self._values.values()))[1]


def _digest(name: str) -> bytes:
    # Who reads what is kept must not find names to come in by.
    return hashlib.sha256(name.encode()).digest()
