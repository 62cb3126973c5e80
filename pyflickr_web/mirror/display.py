"""Show the events of a run of downsync on a display of progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pyflickr_web.mirror.counts import format_bytes, format_count
from pyflickr_web.mirror.events import (
    Event,
    FaultFound,
    Notice,
    Paused,
    PhotoFailed,
    RunEstimated,
    Step,
    StepAdvanced,
    StepStarted,
    WorkPlanned,
)
from pyflickr_web.mirror.pacing.estimate import Estimate
from pyflickr_web.progress.choice import choose_display, shows_progress
from pyflickr_web.progress.display import Bar, ProgressDisplay

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
    "verifying": "files verified",
}


class EventDisplay:
    """Shows a bar for each step and each pause, and messages; the plan of a dry run are results.

    `clock` returns seconds.
    """

    def __init__(
        self, display: ProgressDisplay, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._display = display
        self._clock = clock
        self._bars: dict[Step, Bar] = {}
        # The bars of pauses by their reasons, with the moments when they end.
        self._pauses: dict[str, tuple[Bar, float]] = {}

    def show(self, event: Event) -> None:
        """Show an event."""
        display, now = self._display, self._clock()
        self._remove_pauses(now)
        match event:
            case StepStarted(step, total):
                # A step without items needs no bar.
                if step not in self._bars and total != 0:
                    self._bars[step] = display.add_bar(LABELS[step], total)
            case StepAdvanced(step, done):
                if step in self._bars:
                    self._bars[step].update(done)
            case Paused(reason, seconds):
                if reason in self._pauses:
                    self._pauses.pop(reason)[0].remove()
                self._pauses[reason] = display.show_pause(reason, seconds), now + seconds
            case RunEstimated(estimate, is_first):
                display.print_message(describe_estimate(estimate, is_first))
            case FaultFound(name, fault):
                display.print_message(f"to repair: {name}: {fault}")
            case PhotoFailed(photo_id, reason):
                display.print_message(f"failed: {photo_id}: {reason}")
            case Notice(text):
                display.print_message(text)
            case WorkPlanned(kind, item_id, parts):
                display.print_result(f"{kind} {item_id}: {', '.join(parts) or 'sizes'}")

    def _remove_pauses(self, now: float) -> None:
        for reason, (bar, end) in list(self._pauses.items()):
            if now >= end:
                bar.remove()
                del self._pauses[reason]


@contextmanager
def show_events(
    progress: bool | None, on_event: Callable[[Event], object] | None
) -> Iterator[Callable[[Event], object] | None]:
    """Return the function that receives the events of a run, and end its display after the block.

    A program with a function of its own, `on_event`, shows them itself. `progress` is the option of the
    client.
    """
    if on_event or not shows_progress(progress):
        yield on_event
        return
    with choose_display(progress) as display:
        yield EventDisplay(display).show


def describe_estimate(estimate: Estimate, is_first: bool = True) -> str:
    """Describe what a run takes."""
    size = format_bytes(estimate.bytes)
    calls, files = format_count(estimate.calls, "call"), format_count(estimate.files, "file")
    text = f"{'first' if is_first else 'this'} run: {calls}, {files}, about {size}"
    # Without limits, or for a few files, the paces say nothing.
    if estimate.hours * 60 >= 1:
        text += (
            f"; about {_hours(estimate.hours)} (calls {_hours(estimate.call_hours)}, files "
            f"{_hours(estimate.file_hours)}, originals alone {_hours(estimate.original_hours)})"
        )
    return f"{text}. Stop it at any time, and run it again to go on."


def _hours(hours: float) -> str:
    if hours * 60 < 1:
        return "less than a minute"
    if hours < 1:
        return format_count(round(hours * 60), "minute")
    return format_count(round(hours), "hour")
