"""Whether Redis is there, when it is tried again, and what is told of it."""

from __future__ import annotations

import enum
import logging
import threading
import time

from pyflickr_web.proxy.stores.redis_client import words

# Seconds in which a Redis that is away is not asked.
PAUSE = 1.0
_log = logging.getLogger("pyflickr_web")


class Turn(enum.Enum):
    """What a request may do: ask Redis, do without it, or try whether it is back."""

    ASK = enum.auto()
    WITHOUT = enum.auto()
    TRY = enum.auto()


class Link:
    """The state of Redis, for threads and tasks alike; each time it is lost is told once in the log."""

    def __init__(self) -> None:
        self._there = True
        self._again = 0.0
        self._lock = threading.Lock()

    def turn(self) -> Turn:
        """What the caller may do. Who is to try it is alone in that until the pause is over."""
        if self._there:
            return Turn.ASK
        with self._lock:
            now = time.monotonic()
            if now < self._again:
                return Turn.WITHOUT
            self._again = now + PAUSE
            return Turn.TRY

    def lost(self, error: Exception) -> None:
        """Redis has failed with an error."""
        with self._lock:
            was, self._there = self._there, False
            self._again = time.monotonic() + PAUSE
        if was:
            _log.warning(
                "Redis %s: cache and rates are this process's own until it is back", words(error)
            )

    def found(self) -> None:
        """A try has shown that Redis is back."""
        with self._lock:
            was, self._there = self._there, True
        if not was:
            _log.warning("Redis is back: cache and rates are shared again")
