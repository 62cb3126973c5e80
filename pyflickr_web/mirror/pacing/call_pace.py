"""The pace of calls: Flickr counts an hour's calls by API key, so all runs with a key share one pace."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from pyflickr_web.core.flow import BlockingEffect, Request, Sleep
from pyflickr_web.mirror.pacing.file_pace import is_loopback
from pyflickr_web.mirror.pacing.long_pauses import LongPauses
from pyflickr_web.transports.limits import Pace

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

CALLS_AN_HOUR = 3600
# Seconds to wait for another process that reserves its call.
_LOCK_TIMEOUT = 10.0
# Calls that wait at the same time; a later one is an error of a clock that was set back.
_LONGEST_QUEUE = 100


class CallPace:
    """A pace of evenly spaced calls, shared by all processes that use the same `file`.

    `max_per_hour` None means no limit. Without a file, or if it is not writable, only this process
    keeps the pace. `clock` returns Unix seconds. `on_pause` is called with the seconds until the next
    call of this process if these are five or more. Threads may share it.
    """

    def __init__(
        self,
        max_per_hour: int | None,
        file: Path | None = None,
        clock: Callable[[], float] = time.time,
        on_pause: Callable[[float], object] = lambda seconds: None,
    ) -> None:
        self._interval = 3600 / max_per_hour if max_per_hour else 0.0
        self._file = file
        self._clock = clock
        self._own = Pace(max_per_hour) if max_per_hour else None
        self._lock = Lock()
        self._long_pauses = LongPauses(on_pause, clock)
        # The moments for which calls of this process wait.
        self._moments: list[float] = []

    @classmethod
    def of(
        cls,
        options: Mapping[str, Any],
        max_per_hour: int | None = None,
        on_pause: Callable[[float], object] = lambda seconds: None,
    ) -> CallPace:
        """Return the pace of a client with these options, which all processes with its key share.

        By default it is Flickr's limit, and not limited against a sandbox on this machine.
        """
        limit = max_per_hour or options.get("max_per_hour")
        if not limit and is_loopback(options.get("base_url")):
            return cls(None)
        file = find_file(options.get("api_key") or "")
        return cls(limit or CALLS_AN_HOUR, file, on_pause=on_pause)

    @property
    def an_hour(self) -> int | None:
        """The most calls in an hour; None without a limit."""
        return round(3600 / self._interval) if self._interval else None

    def limit(self, flow: Flow, observe: Callable[[Any], None] | None = None) -> Flow:
        """Run a flow, pause before each of its requests, and pass their results to `observe`."""
        result = None
        try:
            while True:
                try:
                    effect = flow.send(result)
                except StopIteration as stop:
                    return stop.value
                is_call = isinstance(effect, Request)
                if is_call:
                    yield from self._wait()
                result = yield effect
                if is_call and observe:
                    observe(result)
        finally:
            flow.close()

    def reserve(self) -> float:
        """Reserve the next call, and return the seconds until then. It reads and writes the file."""
        now = self._clock()
        if self._own is None:
            return 0.0
        if self._file:
            try:
                return self._reserve_in(self._file, now)
            except (OSError, Timeout):
                """The folder is read-only or full, or its file system has no locks."""
        return self._own.wait(now)

    def _wait(self) -> Flow:
        if self._interval:
            delay = yield _Reserve(self)
            if delay:
                moment = self._clock() + delay
                self._moments.append(moment)
                self._announce()
                try:
                    yield Sleep(delay, delay)
                finally:
                    self._moments.remove(moment)
                self._announce()

    def _announce(self) -> None:
        """Report the pause until the next call: others that wait for later calls change nothing."""
        if next_moment := min(tuple(self._moments), default=0.0):
            self._long_pauses.begin(next_moment - self._clock())

    def _reserve_in(self, file: Path, now: float) -> float:
        with self._lock:
            file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{file}.lock", timeout=_LOCK_TIMEOUT):
                moment = _read_time(file)
                if not now <= moment <= now + _LONGEST_QUEUE * self._interval:
                    moment = now
                file.write_text(json.dumps(moment + self._interval), "utf-8")
        return moment - now


class _Reserve(BlockingEffect):
    """An effect that reserves the next call, and returns the seconds until then."""

    def __init__(self, pace: CallPace) -> None:
        self._pace = pace

    def perform(self) -> float:
        """Reserve the call."""
        return self._pace.reserve()


def find_file(api_key: str) -> Path:
    """Return the file in the user's folder by which processes share the pace of an API key."""
    from platformdirs import user_state_path

    digest = hashlib.sha256(api_key.encode()).hexdigest()[:16]
    return user_state_path("pyflickr-web", appauthor=False) / "pace" / f"{digest}.json"


def _read_time(file: Path) -> float:
    """Return the time of the next call; 0 if it is unknown."""
    try:
        return float(json.loads(file.read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError, OverflowError, RecursionError):
        return 0.0
