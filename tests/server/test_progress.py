"""Test the displays of progress: lines, bars, and the choice between them."""

from __future__ import annotations

import sys

import pytest

from pyflickr_web.progress.bars import BarDisplay
from pyflickr_web.progress.choice import choose_display
from pyflickr_web.progress.display import LineDisplay, ProgressDisplay, format_duration
from tests.support.terminal import TerminalStream, use_terminal


class Clock:
    """A clock that the test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_lines_show_the_start_and_each_minute(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with LineDisplay(clock) as display:
        bar = display.add_bar("photos", 1_200)
        for done in range(100, 1_201, 100):
            clock.now += 25
            bar.update(done)
        bar.remove()
    assert capsys.readouterr().err.splitlines() == [
        "photos: 0 of 1,200",
        "photos: 300 of 1,200, about 4 minutes left",
        "photos: 600 of 1,200, about 2 minutes left",
        "photos: 900 of 1,200, about 75 s left",
        "photos: 1,200 of 1,200",
    ]


def test_total_and_label_can_change(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    bar = LineDisplay(clock).add_bar("listed")
    clock.now += 60
    bar.update(600)
    clock.now += 60
    bar.update(600, 900, "photos")
    clock.now += 60
    bar.update(1_000)
    assert capsys.readouterr().err.splitlines() == [
        "listed: 600",
        "photos: 600 of 900, about 60 s left",
        "photos: 1,000 of 900",
    ]


def test_lines_show_the_first_pause_long_ones_and_one_a_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Clock()
    display = LineDisplay(clock)
    for seconds in (5, 6, 60, 7, 8):
        display.show_pause("refused", seconds)
        clock.now += 30
    display.show_pause("refused", 1200)
    assert capsys.readouterr().err.splitlines() == [
        "refused: a pause of 5 s",
        "refused: a pause of 60 s",
        "refused: a pause of 8 s",
        "refused: a pause of 20 minutes",
    ]


def test_pause_is_a_message_without_progress_only_if_it_is_long(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ProgressDisplay().show_pause("refused", 599)
    assert capsys.readouterr() == ("", "")
    ProgressDisplay().show_pause("refused", 600)
    assert capsys.readouterr() == ("", "refused: a pause of 10 minutes\n")


def test_bar_of_a_pause_shows_the_seconds_that_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = use_terminal(monkeypatch)
    with BarDisplay() as display:
        display.show_pause("refused", 1_200)
    text = terminal.getvalue()
    assert "refused: a pause of 20 minutes\n" in text
    assert "1200 s" in text or "1199 s" in text
    with BarDisplay() as display:
        display.show_pause("refused", 1_200).remove()
    assert "refused" not in terminal.getvalue().rpartition("\r")[2]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (119, "119 s"), (120, "2 minutes"), (7199, "120 minutes"), (201_600, "56 hours")],
)
def test_durations_have_the_unit_of_their_size(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize("display", [ProgressDisplay(), LineDisplay()])
def test_bytes_make_no_lines(display: ProgressDisplay, capsys: pytest.CaptureFixture[str]) -> None:
    display.add_bar("fox.jpg", 9_000_000, "bytes").update(9_000_000)
    assert capsys.readouterr() == ("", "")


def test_results_and_messages_are_lines_without_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    display = ProgressDisplay()
    display.print_result("a\x1b[2Jb\nc")
    display.print_message("d\x9b1mé")
    assert capsys.readouterr() == ("ab c\n", "dé\n")


def test_bars_show_items_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = use_terminal(monkeypatch)
    with BarDisplay() as display:
        display.add_bar("[b]photos[/b]", 3).update(2)
        display.add_bar("fox\x1b[2J.jpg", 9_000_000, "bytes").update(3_000_000)
        display.print_message("failed: [b]53")
    text = terminal.getvalue()
    assert "[b]photos[/b]" in text and "2/3" in text
    assert "fox.jpg" in text and "3.0/9.0 MB" in text
    assert "failed: [b]53\n" in text


def test_removed_bar_is_no_longer_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = use_terminal(monkeypatch)
    with BarDisplay() as display:
        display.add_bar("photos", 3).remove()
    assert "photos" not in terminal.getvalue().rpartition("\r")[2]


def test_results_stay_out_of_the_bars_if_standard_output_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = use_terminal(monkeypatch)
    with BarDisplay() as display:
        display.print_result("to a pipe")
        monkeypatch.setattr(sys, "stdout", TerminalStream())
        display.print_result("to a terminal")
    assert capsys.readouterr().out == "to a pipe\n"
    assert "to a pipe" not in terminal.getvalue()
    assert "to a terminal\n" in terminal.getvalue()


@pytest.mark.parametrize(
    ("progress", "in_terminal", "elsewhere"),
    [
        (None, BarDisplay, ProgressDisplay),
        (True, BarDisplay, LineDisplay),
        (False, ProgressDisplay, ProgressDisplay),
    ],
)
def test_choice_of_a_display(
    monkeypatch: pytest.MonkeyPatch,
    progress: bool | None,
    in_terminal: type[ProgressDisplay],
    elsewhere: type[ProgressDisplay],
) -> None:
    assert type(choose_display(progress)) is elsewhere
    monkeypatch.setattr(sys, "stderr", None)
    assert type(choose_display(progress)) is elsewhere
    use_terminal(monkeypatch)
    assert type(choose_display(progress)) is in_terminal


@pytest.mark.parametrize("name", ["dumb", "unknown", "DUMB"])
def test_terminal_without_bars_shows_lines(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    use_terminal(monkeypatch)
    monkeypatch.setenv("TERM", name)
    assert type(choose_display()) is LineDisplay
    assert type(choose_display(False)) is ProgressDisplay
