"""Limits of a client: its answers' size and time, the rate at which long bodies move, and requests an
hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from threading import Lock
from typing import Any

from pyflickr_web.process_local import ProcessLocal

# Bytes a second that a long body has to move at, over as many seconds.
LOWEST_RATE = 1000
WINDOW = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest answer and file in bytes, unpacked; and the seconds for one attempt of a call, from
    connecting to the last byte of its answer."""

    max_answer: int = 64_000_000
    max_download: int = 2_000_000_000
    deadline: float = 120.0

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Limits:
        """The limits that a client's options set."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: options[name] for name in names if options.get(name)})


class TooSlow(TimeoutError):
    """A body moves below the lowest rate."""


class LowestRate:
    """Counts the bytes of a body, and the seconds that the other side takes for them."""

    def __init__(self) -> None:
        self._bytes = 0
        self._seconds = 0.0

    def add(self, count: int, seconds: float) -> None:
        """Count some more. Raises `TooSlow` if the body moves below the lowest rate."""
        self._bytes += count
        self._seconds += seconds
        if self._seconds < WINDOW:
            return
        if self._bytes < LOWEST_RATE * self._seconds:
            raise TooSlow(f"fewer than {LOWEST_RATE} bytes a second over {WINDOW:g} seconds")
        self._bytes, self._seconds = 0, 0.0


class Pace:
    """Hands out moments to send at, evenly spaced; `max_per_hour` None sets no pace."""

    def __init__(self, max_per_hour: int | None) -> None:
        self._interval = 3600 / max_per_hour if max_per_hour else 0.0
        self._next = 0.0
        self._lock = ProcessLocal(Lock)

    def wait(self, now: float) -> float:
        """Seconds to wait, at the moment `now`, until the next request may go."""
        if not self._interval:
            return 0.0
        with self._lock.get():
            moment = max(now, self._next)
            self._next = moment + self._interval
        return moment - now
