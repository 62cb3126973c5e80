"""How many requests an hour are sent, over all threads and tasks of a client."""

from __future__ import annotations

from threading import Lock

from pyflickr_web.process_local import ProcessLocal


class Pace:
    """Hands out moments to send at, evenly spaced; `max_per_hour` None sets no pace."""

    def __init__(self, max_per_hour: int | None) -> None:
        self._apart = 3600 / max_per_hour if max_per_hour else 0.0
        self._next = 0.0
        self._lock = ProcessLocal(Lock)

    def wait(self, now: float) -> float:
        """Seconds to wait, at the moment `now`, until the next request may go."""
        if not self._apart:
            return 0.0
        with self._lock.get():
            moment = max(now, self._next)
            self._next = moment + self._apart
        return moment - now
