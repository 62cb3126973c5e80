"""The display of `pyflickr-web downsync`: progress bars in a terminal, and lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pyflickr_web.mirror.estimate import Estimate
from pyflickr_web.mirror.events import (
    Event,
    FaultFound,
    Notice,
    PhotoFailed,
    RunEstimated,
    Step,
    StepAdvanced,
    StepStarted,
    WorkPlanned,
)
from pyflickr_web.transports.text import printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LABELS: dict[Step, str] = {
    "listing": "photos listed",
    "checking": "photos whose files are checked",
    "photos": "photos: metadata and originals",
    "albums": "albums",
    "groups": "groups",
    "contexts": "albums and groups of photos",
    "collections": "collections",
    "sizes": "photos: smaller sizes",
    "retries": "files tried again",
    "deleting": "photos that left Flickr",
}
# A line for each so many items of a step, in lines.
EVERY = 500
BAR_WIDTH = 30


class Display:
    """Prints events as lines on stderr, and the plan of a dry run on stdout."""

    def __init__(self) -> None:
        self._totals: dict[Step, int | None] = {}

    def show(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, StepStarted):
            self._totals[event.step] = event.total
            self.start_step(event.step, event.total)
        elif isinstance(event, StepAdvanced):
            self.advance_step(event.step, event.done, self._totals.get(event.step))
        elif isinstance(event, RunEstimated):
            self.print_message(describe_estimate(event.estimate))
        elif isinstance(event, FaultFound):
            self.print_message(f"to repair: {event.name}: {event.fault}")
        elif isinstance(event, PhotoFailed):
            self.print_message(f"failed: {event.id}: {event.reason}")
        elif isinstance(event, Notice):
            self.print_message(event.text)
        elif isinstance(event, WorkPlanned):
            click.echo(printable(f"{event.kind} {event.id}: {', '.join(event.parts) or 'sizes'}"))

    def print_message(self, text: str) -> None:
        """Print a message."""
        click.echo(printable(text), err=True)

    def start_step(self, step: Step, total: int | None) -> None:
        """Show the start of a step."""
        if total:
            self.print_message(f"{LABELS[step]}: {total:,}")

    def advance_step(self, step: Step, done: int, total: int | None) -> None:
        """Show the progress of a step."""
        if done % EVERY == 0:
            of = f" of {total:,}" if total else ""
            self.print_message(f"{LABELS[step]}: {done:,}{of}")

    def close(self) -> None:
        """End the display; messages can still be printed."""


class Bars(Display):
    """Shows a bar for each step."""

    def __init__(self) -> None:
        super().__init__()
        self._progress = _make_progress()
        self._tasks: dict[Step, TaskID] = {}
        self._progress.start()

    def print_message(self, text: str) -> None:
        from rich.text import Text

        # The console prints above the bars.
        self._progress.console.print(Text(printable(text)), soft_wrap=True)

    def start_step(self, step: Step, total: int | None) -> None:
        if step not in self._tasks and total != 0:
            self._tasks[step] = self._progress.add_task(LABELS[step], total=total)

    def advance_step(self, step: Step, done: int, total: int | None) -> None:
        if step in self._tasks:
            self._progress.update(self._tasks[step], completed=done, total=total)

    def close(self) -> None:
        self._progress.stop()


@contextmanager
def choose_display(as_lines: bool) -> Iterator[Display]:
    """Return bars, or lines if stderr is no terminal; end the display after the block."""
    display = Display() if as_lines else Bars()
    try:
        yield display
    finally:
        display.close()


def describe_estimate(estimate: Estimate) -> str:
    """Describe what a first run takes."""
    size = _bytes(estimate.bytes)
    text = f"first run: {estimate.calls:,} calls, {estimate.files:,} files, about {size}"
    if estimate.hours:
        text += (
            f"; about {_hours(estimate.hours)} (calls {_hours(estimate.call_hours)}, files "
            f"{_hours(estimate.file_hours)}, originals alone {_hours(estimate.original_hours)})"
        )
    return f"{text}. Stop it at any time, and run it again to go on."


def _hours(hours: float) -> str:
    return f"{hours * 60:.0f} minutes" if hours < 1 else f"{hours:,.0f} hours"


def _bytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def _make_progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(BAR_WIDTH),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        # Results on standard output may be for a pipe.
        redirect_stdout=False,
        redirect_stderr=False,
    )
