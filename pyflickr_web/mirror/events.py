"""The events of downsync and verify, for programs that show their progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from pyflickr_web.mirror.pacing.estimate import Estimate
from pyflickr_web.mirror.report import Report
from pyflickr_web.mirror.verification.report import VerifyReport

Step = Literal[
    "listing",
    "checking",
    "photos",
    "albums",
    "groups",
    "contexts",
    "collections",
    "sizes",
    "retries",
    "deleting",
    "verifying",
]
"""The steps of a run, in order, and that of a verification. `checking` are photos with files without a
checksum, which another program wrote; `photos` are metadata and originals, `sizes` the smaller sizes,
and `retries` the files that Flickr refused at first."""


@dataclass(frozen=True, slots=True)
class RunEstimated:
    """The calls, files, bytes and hours of a run, until one over the whole account has ended.

    `is_first` is False if the mirror has photos already.
    """

    estimate: Estimate
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class WorkPlanned:
    """The work for a photo, album or collection in a dry run: the parts to fetch or write.

    The part `remove` means that it goes to the trash.
    """

    kind: Literal["photo", "favorite", "album", "collection"]
    id: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepStarted:
    """The start of a step; `total` is the number of items to handle, None if it is unknown."""

    step: Step
    total: int | None = None


@dataclass(frozen=True, slots=True)
class StepAdvanced:
    """The number of items that a step has handled so far."""

    step: Step
    done: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The start of a pause of all downloads, or of calls, of five seconds or more."""

    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class FileFetched:
    """A picture or video that is complete, by its name in the mirror."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class FaultFound:
    """A file that another program wrote, with its fault; the run fetches or writes it again."""

    name: str
    fault: str


@dataclass(frozen=True, slots=True)
class PhotoFailed:
    """A photo, album or other part of which something failed; the next run tries it again."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A text for the user, said once in a run."""

    text: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The end of a run, also of one that an error ends or keeps from beginning."""

    report: Report


@dataclass(frozen=True, slots=True)
class VerifyEnded:
    """The end of a verification, also of one that an error ends."""

    report: VerifyReport


Event = (
    RunEstimated
    | WorkPlanned
    | StepStarted
    | StepAdvanced
    | Paused
    | FileFetched
    | FaultFound
    | PhotoFailed
    | Notice
    | RunEnded
    | VerifyEnded
)


class Events:
    """Passes events to the function `on_event`, one at a time. Threads may share it."""

    def __init__(self, on_event: Callable[[Event], object] | None) -> None:
        self._on_event = on_event
        self._lock = Lock()
        self._done: dict[Step, int] = {}
        self._notices: set[str] = set()

    def emit(self, event: Event) -> None:
        """Pass an event on."""
        if self._on_event:
            with self._lock:
                self._on_event(event)

    def start(self, step: Step, total: int | None = None) -> None:
        """Start a step."""
        self.emit(StepStarted(step, total))

    def advance(self, step: Step, count: int = 1) -> None:
        """Count handled items of a step."""
        with self._lock:
            self._done[step] = done = self._done.get(step, 0) + count
            if self._on_event:
                self._on_event(StepAdvanced(step, done))

    def pause(self, reason: str, seconds: float) -> None:
        """Pass on that work pauses."""
        self.emit(Paused(reason, seconds))

    def notify(self, text: str) -> None:
        """Pass a notice on, unless the run has passed it before."""
        with self._lock:
            is_new = text not in self._notices
            self._notices.add(text)
        if is_new:
            self.emit(Notice(text))
