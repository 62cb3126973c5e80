"""A circuit breaker for Redis."""

from __future__ import annotations

import enum
import threading
import time

from pyflickr_web.log import logger
from pyflickr_web.proxy.stores.redis_client import describe_error

# Seconds from a failure until the next attempt.
RESET_TIMEOUT = 1.0


class CircuitState(enum.Enum):
    """Closed: use Redis. Open: use memory. Half-open: try Redis for one request."""

    CLOSED = enum.auto()
    OPEN = enum.auto()
    HALF_OPEN = enum.auto()


class CircuitBreaker:
    """A thread-safe circuit breaker that logs each change of its state once."""

    def __init__(self) -> None:
        self._is_closed = True
        self._retry_at = 0.0
        self._lock = threading.Lock()

    def state(self) -> CircuitState:
        """Return the state for one request. It is half-open for one request per `RESET_TIMEOUT`."""
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
            logger.warning(
                "Redis %s: cache and rates are kept in memory until it is back",
                describe_error(error),
            )

    def record_success(self) -> None:
        """Close the circuit after a successful attempt."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, True
        if not was_closed:
            logger.warning("Redis is back: cache and rates are shared again")
