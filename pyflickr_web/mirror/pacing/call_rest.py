"""The rest of calls: if Flickr refuses one for a time, all calls of a run wait, and only then go on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from pyflickr_web.core.flow import Sleep
from pyflickr_web.mirror.pacing.long_pauses import LongPauses
from pyflickr_web.transports.errors import RateLimitError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

# Seconds of a rest that Flickr gives no length of: each further one in a row doubles them.
SHORTEST_REST = 1.0
LONGEST_BACKOFF = 10 * 60.0
# Flickr counts the calls of an hour: after that, it accepts calls again.
LONGEST_REST = 3600.0
# Seconds of rest, without an answer in between, after which the limit does not end by itself.
MOST_REST = 3 * 3600.0


class CallRest:
    """The rest that all calls of a run share. Threads may share it.

    `on_pause` is called with the seconds of each rest, or other pause, of five seconds or more, once
    for all calls. `clock` returns seconds.
    """

    def __init__(
        self,
        on_pause: Callable[[float], object] = lambda seconds: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._long_pauses = LongPauses(on_pause, clock)
        self._clock = clock
        self._lock = Lock()
        self._begun = self._end = -math.inf
        # The number and the seconds of the rests since the last answer.
        self._count = 0
        self._seconds = 0.0

    def wait(self) -> Flow:
        """Pause until a call may be sent, and return that moment; a flow.

        Raises `RateLimitError` if Flickr refuses all calls for hours.
        """
        while True:
            with self._lock:
                now = self._clock()
                if self._seconds > MOST_REST:
                    raise RateLimitError(
                        "mirror: Flickr refuses all calls for hours: run it again later, with a lower "
                        "max_per_hour if other programs use the key; what is complete stays"
                    )
                delay = self._end - now
            if delay <= 0:
                return now
            # Checked again afterwards: another call may have been refused in the meantime.
            yield Sleep(delay, delay)

    def begin(self, sent: float, asked: float = 0.0) -> None:
        """Let all calls rest, after Flickr refused the one that was sent at the moment `sent`.

        `asked` are the seconds of `Retry-After`. Calls that were sent before the last rest may prolong
        it, and begin no further one.
        """
        with self._lock:
            now = self._clock()
            if sent > self._begun:
                self._begun = now
                self._count += 1
            backoff = min(SHORTEST_REST * 2.0 ** (self._count - 1), LONGEST_BACKOFF)
            rest = min(max(asked, backoff), LONGEST_REST)
            end = max(self._end, now + rest)
            self._seconds += end - max(self._end, now)
            self._end = end
            is_last = self._seconds > MOST_REST
        if not is_last:
            self.announce(rest)

    def announce(self, seconds: float) -> None:
        """Report a pause that begins now, if it is long."""
        self._long_pauses.begin(seconds)

    def note_answer(self) -> None:
        """Count rests anew after an answer of Flickr."""
        with self._lock:
            self._count, self._seconds = 0, 0.0
