"""Test the option `progress` of a client: `downsync` shows bars in a terminal, and lines elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from flickr_sandbox import Fault
from pyflickr_web.mirror.display import EventDisplay, describe_estimate
from pyflickr_web.mirror.events import (
    Notice,
    Paused,
    PhotoFailed,
    RunEstimated,
    StepAdvanced,
    StepStarted,
    WorkPlanned,
)
from pyflickr_web.mirror.layout import SIZE_FOLDERS
from pyflickr_web.mirror.pacing.estimate import CountedWork, count_listing_calls, estimate
from pyflickr_web.mirror.sync import CALLS_PAUSE, FILES_PAUSE
from pyflickr_web.progress.display import Bar, LineDisplay, ProgressDisplay
from tests.mirror.mirroring import Mirroring, skip_pauses
from tests.mirror.virtual_time import VirtualClock
from tests.support.terminal import use_terminal

SIZES = "thumbnail"


def test_terminal_shows_bars_by_default(either: Mirroring, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = use_terminal(monkeypatch)
    report = either.run(sizes=SIZES)
    text = terminal.getvalue()
    assert f"{report.new_photos}/{report.new_photos}" in text
    assert "photos: smaller sizes" in text
    assert "first run: " in text


@pytest.mark.parametrize("is_terminal", [True, False])
def test_nothing_is_shown_without_progress(
    mirroring: Mirroring,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_terminal: bool,
) -> None:
    terminal = use_terminal(monkeypatch) if is_terminal else None
    mirroring.options["progress"] = False if is_terminal else None
    mirroring.run(sizes=SIZES)
    assert capsys.readouterr() == ("", "")
    assert terminal is None or terminal.getvalue() == ""


def test_program_with_a_function_for_events_shows_them_itself(
    mirroring: Mirroring, capsys: pytest.CaptureFixture[str]
) -> None:
    events: list[Any] = []
    mirroring.options["progress"] = True
    mirroring.run(sizes=SIZES, on_event=events.append)
    assert events
    assert capsys.readouterr() == ("", "")


def test_lines_elsewhere_if_progress_is_set(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLICKR_PROGRESS", "1")
    report = either.run(sizes=SIZES)
    output, lines = capsys.readouterr()
    assert output == ""
    assert f"photos: metadata and originals: 0 of {report.new_photos}" in lines.splitlines()


def test_bars_end_with_a_run_that_fails(either: Mirroring, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = use_terminal(monkeypatch)

    def fail(*arguments: Any) -> None:
        raise OSError("broken")

    monkeypatch.setattr("pyflickr_web.mirror.steps.run.Run.perform", fail)
    with pytest.raises(OSError, match="broken"):
        either.run(sizes=SIZES)
    hide, show = "\x1b[?25l", "\x1b[?25h"
    assert show in terminal.getvalue().rpartition(hide)[2]


def test_steps_failures_notices_and_plans_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    clock = VirtualClock()
    display = EventDisplay(LineDisplay(clock), clock)
    display.show(StepStarted("photos", 700))
    clock.now += 60
    for event in (
        StepAdvanced("photos", 500),
        Paused("refused", 5),
        StepStarted("albums", 0),
        StepAdvanced("albums", 500),
        PhotoFailed("53", "HTTP 500"),
        Notice("Flickr\x1b[2J rests"),
        WorkPlanned("photo", "54", ("metadata", "original")),
        WorkPlanned("photo", "55", ()),
    ):
        display.show(event)
    output, lines = capsys.readouterr()
    assert output.splitlines() == ["photo 54: metadata, original", "photo 55: sizes"]
    assert lines.splitlines() == [
        "photos: metadata and originals: 0 of 700",
        "photos: metadata and originals: 500 of 700, about 24 s left",
        "refused: a pause of 5 s",
        "failed: 53: HTTP 500",
        "Flickr rests",
    ]


class PauseBars(ProgressDisplay):
    """Records the bars of pauses that are shown."""

    def __init__(self) -> None:
        self.shown: list[float] = []

    def show_pause(self, reason: str, seconds: float) -> Bar:
        self.shown.append(seconds)
        shown = self.shown

        class PauseBar(Bar):
            def remove(self) -> None:
                shown.remove(seconds)

        return PauseBar()


def test_bar_of_a_pause_stays_until_it_ends_or_another_begins() -> None:
    clock, bars = VirtualClock(), PauseBars()
    display = EventDisplay(bars, clock)
    display.show(Paused("files", 16))
    clock.now += 10
    display.show(StepAdvanced("photos", 1))
    assert bars.shown == [16]
    display.show(Paused("files", 32))
    display.show(Paused("calls", 8))
    assert bars.shown == [32, 8]
    clock.now += 8
    display.show(StepAdvanced("photos", 2))
    assert bars.shown == [32]
    clock.now += 24
    display.show(StepAdvanced("photos", 3))
    assert bars.shown == []


def test_pauses_of_downloads_and_calls_are_events(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flickr refuses two files in a row for 40 seconds each, and the listing of albums for a minute."""
    skip_pauses(monkeypatch)
    faults = either.sandbox.faults
    faults.add(Fault("429", retry_after=60), method="flickr.photosets.getList", times=1)
    faults.add(Fault("429", retry_after=40), where="files", times=2)
    events: list[Any] = []
    either.run(sizes=SIZES, on_event=events.append, workers=1)
    pauses = [event for event in events if isinstance(event, Paused)]
    assert pauses == [Paused(CALLS_PAUSE, 60), *[Paused(FILES_PAUSE, 40)] * 2]


def test_estimate_names_hours_at_the_pace() -> None:
    work = CountedWork(50_000, Counter(dict.fromkeys(SIZE_FOLDERS, 50_000)))
    text = describe_estimate(estimate(work, count_listing_calls(50_000)))
    assert text.startswith("first run: ")
    assert "50,120 calls, 400,000 files, about 232 GB" in text
    assert "calls 14 hours, files 56 hours, originals alone 7 hours" in text


def test_estimate_of_a_mirror_with_photos_is_not_called_that_of_a_first_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    event = RunEstimated(estimate(CountedWork(7), 21), is_first=False)
    EventDisplay(LineDisplay()).show(event)
    assert capsys.readouterr().err.startswith("this run: 28 calls, 0 files, ")
