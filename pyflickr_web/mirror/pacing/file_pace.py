"""The pace of downloads: Flickr's image host refuses files with HTTP 429, apart from the API's limit.

All downloads of a run share one pace. A refusal doubles the pause between them, success shortens it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyflickr_web.core.flow import Sleep
from pyflickr_web.mirror.pacing.long_pauses import LongPauses
from pyflickr_web.transports.errors import NetworkError, RateLimitError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

FILES_A_SECOND = 2.0
# Seconds between two downloads at the start, and at most.
FIRST_PAUSE = 3.0
LONGEST_PAUSE = 16.0
# Seconds after the first refusal; each further one in a row doubles them.
SHORTEST_BACKOFF = 1.0
# The factor of the pause after each success.
RECOVERY = 0.85
# Refused requests prolong the refusal: after some in a row, a rest in seconds.
REFUSALS_BEFORE_REST = 10
REST = 20 * 60.0
MOST_RESTS = 6
LONGEST_RETRY_AFTER = 6 * 3600.0


class FilesOutage(NetworkError):
    """The host of files does not answer: the run ends, because all further files would fail."""


class FilePace:
    """The pace of downloads: at most `a_second` begin in a second; None for no limit.

    Refusals are obeyed in either case. Threads may share it. `clock` returns seconds. `on_rest` is
    called with the seconds of each pause or rest of five seconds or more, once for all downloads.
    """

    def __init__(
        self,
        a_second: float | None,
        clock: Callable[[], float] = time.monotonic,
        on_rest: Callable[[float], object] = lambda seconds: None,
    ) -> None:
        if a_second is not None and not 0 < a_second < math.inf:
            raise ValueError(f"invalid file rate {a_second}: use a number above 0")
        self._shortest = 1 / a_second if a_second else 0.0
        self._pause = max(self._shortest, FIRST_PAUSE) if a_second else 0.0
        self._clock = clock
        self._next = -math.inf
        self._refused_at = -math.inf
        self._refusals = 0
        self._rests = 0
        self._lock = Lock()
        self._long_pauses = LongPauses(on_rest, clock)

    @property
    def is_limited(self) -> bool:
        """True if there is a limit without refusals too."""
        return self._shortest > 0

    @property
    def a_second(self) -> float | None:
        """The most files in a second; None without a limit."""
        return 1 / self._shortest if self._shortest else None

    def wait(self) -> Flow:
        """Pause until a download may begin, and return that moment; a flow.

        Raises `RateLimitError` if the host refuses all files for hours.
        """
        while True:
            with self._lock:
                now = self._clock()
                if self._rests >= MOST_RESTS:
                    raise RateLimitError(
                        "mirror: Flickr refuses all files (HTTP 429) for hours: run it again later, "
                        "what is complete stays"
                    )
                delay = self._next - now
                if delay <= 0:
                    self._next = now + self._pause
                    return now
            self.announce(delay)
            # Checked again afterwards: another download may have been refused in the meantime.
            yield Sleep(delay, delay)

    def announce(self, seconds: float) -> None:
        """Report a pause of all downloads, which begins now, if it is long."""
        self._long_pauses.begin(seconds)

    def pause(self, seconds: float) -> float:
        """Make all downloads pause from now on, and return this moment."""
        with self._lock:
            now = self._clock()
            self._next = max(self._next, now + seconds)
        self.announce(seconds)
        return now

    def succeed(self) -> None:
        """Shorten the pause after an answer that is not a refusal."""
        with self._lock:
            self._refusals = self._rests = 0
            pause = max(self._shortest, self._pause * RECOVERY)
            # Without a limit, a pause of a fraction of the shortest backoff is over.
            is_over = not self._shortest and pause < SHORTEST_BACKOFF / 4
            self._pause = 0.0 if is_over else pause

    def refuse(self, begun: float, retry_after: float = 0.0) -> None:
        """Make all downloads pause, after the refusal of one that began at the moment `begun`.

        Downloads that began before the last refusal do not double the pause again.
        """
        with self._lock:
            now = self._clock()
            if begun > self._refused_at:
                self._refused_at = now
                self._refusals += 1
                doubled = max(2 * self._pause, SHORTEST_BACKOFF)
                self._pause = max(min(doubled, LONGEST_PAUSE), self._shortest)
            backoff = SHORTEST_BACKOFF * 2.0 ** (self._refusals - 1)
            rest = max(self._pause, backoff, retry_after)
            if self._refusals >= REFUSALS_BEFORE_REST:
                self._refusals = 0
                self._rests += 1
                rest = max(rest, REST)
            self._next = max(self._next, now + rest)
        self.announce(rest)


def read_retry_after(text: str | None, wall_clock: Callable[[], float] = time.time) -> float:
    """Return the seconds that `Retry-After` asks to wait, also as a date; 0 if it is invalid."""
    seconds = 0.0
    try:
        seconds = float(text or 0)
    except ValueError:
        with suppress(ValueError, TypeError, OverflowError):
            seconds = parsedate_to_datetime(text or "").timestamp() - wall_clock()
    # In this order, so that "nan" is 0.
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER)


def is_loopback(url: str | None) -> bool:
    """Return True if an address is of this machine, as a sandbox's."""
    try:
        host = urlsplit(url or "").hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
