"""Print results, messages and the progress of long work as lines; the base of all displays."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self

from pyflickr_web.transports.text import printable

Unit = Literal["items", "bytes", "seconds"]
# Seconds between two lines of progress.
INTERVAL = 60.0
# The seconds from which a pause is a message in each display.
LONG_PAUSE = 10 * 60.0


class Bar:
    """The progress of one piece of work. This bar shows nothing."""

    def update(self, done: int, total: int | None = None, label: str | None = None) -> None:
        """Show that `done` of `total` are done. A `total` or `label` of None stays as it is."""

    def remove(self) -> None:
        """Remove the bar."""


class ProgressDisplay:
    """Prints results to standard output, and messages to standard error; it shows no progress.

    A context manager: afterwards, no bar is shown, and messages can still be printed. Use a display from
    one thread at a time.
    """

    def print_result(self, text: str) -> None:
        """Print a result as a line."""
        print(printable(text), flush=True)

    def print_message(self, text: str) -> None:
        """Print a message as a line."""
        print(printable(text), file=sys.stderr, flush=True)

    def add_bar(self, label: str, total: int | None = None, unit: Unit = "items") -> Bar:
        """Add a bar for work on `total` items or bytes; None if their number is unknown."""
        return Bar()

    def show_pause(self, reason: str, seconds: float) -> Bar:
        """Show that the work pauses; the bar can be removed when it goes on."""
        if seconds >= LONG_PAUSE:
            self.print_message(describe_pause(reason, seconds))
        return Bar()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the display."""


class LineDisplay(ProgressDisplay):
    """Also prints a line at the start of work of known size, and then one a minute.

    Pauses of less than a minute are shown once a minute, too. `clock` returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._paused_at = -math.inf

    def add_bar(self, label: str, total: int | None = None, unit: Unit = "items") -> Bar:
        return _Lines(self, label, total) if unit == "items" else Bar()

    def show_pause(self, reason: str, seconds: float) -> Bar:
        now = self.clock()
        if seconds >= INTERVAL or now - self._paused_at >= INTERVAL:
            self._paused_at = now
            self.print_message(describe_pause(reason, seconds))
        return Bar()


class _Lines(Bar):
    """The lines of one piece of work."""

    def __init__(self, display: LineDisplay, label: str, total: int | None) -> None:
        self._display = display
        self._label = label
        self._total = total
        self._started_at = self._printed_at = display.clock()
        if total:
            self._print(0)

    def update(self, done: int, total: int | None = None, label: str | None = None) -> None:
        self._label = label or self._label
        self._total = self._total if total is None else total
        now = self._display.clock()
        if now - self._printed_at >= INTERVAL:
            self._printed_at = now
            self._print(done)

    def _print(self, done: int) -> None:
        text = f"{self._label}: {done:,}"
        if self._total:
            text += f" of {self._total:,}"
            if 0 < done < self._total:
                seconds = (self._printed_at - self._started_at) * (self._total - done) / done
                text += f", about {format_duration(seconds)} left"
        self._display.print_message(text)


def describe_pause(reason: str, seconds: float) -> str:
    """Return the message for a pause."""
    return f"{reason}: a pause of {format_duration(seconds)}"


def format_duration(seconds: float) -> str:
    """Return seconds as a text: `90 s`, `20 minutes` or `56 hours`."""
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:.0f} s"
