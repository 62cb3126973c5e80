"""A client's limits: the size and time of answers, the lowest rate of long bodies, requests an hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from threading import Lock
from typing import Any

from pyflickr_web.transports.process_local import ProcessLocal

# The lowest rate of a long body in bytes a second, and the seconds over which it is measured.
LOWEST_RATE = 1000
WINDOW = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest answer and file in bytes (decompressed), and the deadline of a call's attempt.

    `deadline` is in seconds, from connecting to the last byte of the answer.
    """

    max_answer: int = 64_000_000
    max_download: int = 2_000_000_000
    deadline: float = 120.0

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Limits:
        """Return the limits that a client's options set."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: options[name] for name in names if options.get(name)})


class TooSlow(TimeoutError):
    """A body is transferred below the lowest rate."""


class LowestRate:
    """Measures the rate at which the other side sends or receives a body."""

    def __init__(self) -> None:
        self._bytes = 0
        self._seconds = 0.0

    def add(self, count: int, seconds: float) -> None:
        """Add bytes and seconds. Raises `TooSlow` if the rate falls below the lowest one."""
        self._bytes += count
        self._seconds += seconds
        if self._seconds < WINDOW:
            return
        if self._bytes < LOWEST_RATE * self._seconds:
            raise TooSlow(f"fewer than {LOWEST_RATE} bytes a second over {WINDOW:g} seconds")
        self._bytes, self._seconds = 0, 0.0


class Pace:
    """Spaces requests evenly."""

    def __init__(self, max_per_hour: int) -> None:
        self._interval = 3600 / max_per_hour
        self._next = 0.0
        self._lock = ProcessLocal(Lock)

    def wait(self, now: float) -> float:
        """Reserve the next slot, and return the seconds from `now` until then."""
        with self._lock.get():
            moment = max(now, self._next)
            self._next = moment + self._interval
        return moment - now
