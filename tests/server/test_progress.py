"""Test the displays of progress: lines, bars, and the choice between them."""

from __future__ import annotations

import sys

import pytest

from pyflickr_web.progress.bars import BarDisplay
from pyflickr_web.progress.choice import choose_display
from pyflickr_web.progress.display import LineDisplay, ProgressDisplay
from tests.support.terminal import TerminalStream, use_terminal


def test_lines_show_the_start_and_each_500_items(capsys: pytest.CaptureFixture[str]) -> None:
    with LineDisplay() as display:
        bar = display.add_bar("photos", 1_200)
        for done in range(0, 1_201, 100):
            bar.update(done)
        bar.remove()
    assert capsys.readouterr().err.splitlines() == [
        "photos: 1,200",
        "photos: 500 of 1,200",
        "photos: 1,000 of 1,200",
    ]


def test_steps_of_many_items_get_a_line_when_they_pass_500(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bar = LineDisplay().add_bar("listed")
    for done in (499, 998, 1_497, 1_499, 1_500):
        bar.update(done)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["listed: 998", "listed: 1,497", "listed: 1,500"]


def test_total_and_label_can_change(capsys: pytest.CaptureFixture[str]) -> None:
    bar = LineDisplay().add_bar("listed")
    bar.update(600, 900, "photos")
    bar.update(1_000)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["photos: 600 of 900", "photos: 1,000 of 900"]


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
