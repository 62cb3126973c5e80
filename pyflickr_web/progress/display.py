"""Print results, messages and the progress of long work as lines; the base of all displays."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Literal, Self

from pyflickr_web.transports.text import printable

Unit = Literal["items", "bytes"]
# A line of progress for each so many items.
EVERY = 500


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
    """Also prints a line at the start of work of known size, and one for each 500 items."""

    def add_bar(self, label: str, total: int | None = None, unit: Unit = "items") -> Bar:
        return _Lines(self, label, total) if unit == "items" else Bar()


class _Lines(Bar):
    """The lines of one piece of work."""

    def __init__(self, display: ProgressDisplay, label: str, total: int | None) -> None:
        self._display = display
        self._label = label
        self._total = total
        self._done = 0
        if total:
            display.print_message(f"{label}: {total:,}")

    def update(self, done: int, total: int | None = None, label: str | None = None) -> None:
        self._label = label or self._label
        self._total = self._total if total is None else total
        if done // EVERY > self._done // EVERY:
            of = f" of {self._total:,}" if self._total else ""
            self._display.print_message(f"{self._label}: {done:,}{of}")
        self._done = done
