"""Reports of long pauses, one for all workers that pause together."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from threading import Lock

# The seconds from which a pause looks as if the run hangs.
LONG_PAUSE = 5.0


class LongPauses:
    """Calls `on_pause` with the seconds of each pause of five seconds or more, when it begins.

    A pause is not reported if it ends at about the same time as the last one: several workers begin it,
    one after the other. Threads may share it. `clock` returns seconds.
    """

    def __init__(
        self, on_pause: Callable[[float], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._on_pause = on_pause
        self._clock = clock
        self._end = -math.inf
        self._lock = Lock()

    def begin(self, seconds: float) -> None:
        """Report a pause that begins now."""
        with self._lock:
            end = self._clock() + seconds
            is_new = seconds >= LONG_PAUSE and end >= self._end + LONG_PAUSE
            if is_new:
                self._end = end
        if is_new:
            self._on_pause(seconds)
