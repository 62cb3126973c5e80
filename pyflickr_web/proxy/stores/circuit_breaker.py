"""A circuit breaker: while Redis fails, requests do without it."""

from __future__ import annotations

import enum
import logging
import threading
import time

from pyflickr_web.proxy.stores.redis_client import describe_error

# Seconds from a failure until the next trial.
RESET_TIMEOUT = 1.0
_log = logging.getLogger("pyflickr_web")


class CircuitState(enum.Enum):
    """Closed: use Redis. Open: do without it. Half-open: try it, for one request alone."""

    CLOSED = enum.auto()
    OPEN = enum.auto()
    HALF_OPEN = enum.auto()


class CircuitBreaker:
    """The state of Redis, for threads and tasks alike; each change is logged once."""

    def __init__(self) -> None:
        self._is_closed = True
        self._retry_at = 0.0
        self._lock = threading.Lock()

    def state(self) -> CircuitState:
        """Return the state for one request. It is half-open for one caller in each `RESET_TIMEOUT`."""
        if self._is_closed:
            return CircuitState.CLOSED
        with self._lock:
            now = time.monotonic()
            if now < self._retry_at:
                return CircuitState.OPEN
            self._retry_at = now + RESET_TIMEOUT
            return CircuitState.HALF_OPEN

    def record_failure(self, error: Exception) -> None:
        """Open the circuit after an error of Redis."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, False
            self._retry_at = time.monotonic() + RESET_TIMEOUT
        if was_closed:
            _log.warning(
                "Redis %s: cache and rates are this process's own until it is back",
                describe_error(error),
            )

    def record_success(self) -> None:
        """Close the circuit after a successful trial."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, True
        if not was_closed:
            _log.warning("Redis is back: cache and rates are shared again")
