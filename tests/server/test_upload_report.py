"""Test the report of `pyflickr-web upload`: the messages about limits, pauses and common failures."""

from __future__ import annotations

import pytest

from pyflickr_web.commands.upload_report import Report, format_size
from pyflickr_web.errors import FlickrError
from pyflickr_web.progress.display import ProgressDisplay
from pyflickr_web.upload.events import AccountLimits, FileDelayed, FileFinished, FileStarted
from pyflickr_web.upload.results import FileResult

MEGABYTE = 1024 * 1024


class Lines(ProgressDisplay):
    """A display that keeps its lines."""

    def __init__(self) -> None:
        self.results: list[str] = []
        self.messages: list[str] = []

    def print_result(self, line: str) -> None:
        self.results.append(line)

    def print_message(self, line: str) -> None:
        self.messages.append(line)


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.mark.parametrize(("left", "warns"), [(5 * MEGABYTE, True), (6 * MEGABYTE, False)])
def test_quota_that_is_too_small_is_a_warning(lines: Lines, left: int, warns: bool) -> None:
    report = Report(lines, [3 * MEGABYTE, 3 * MEGABYTE])
    report.show_event(AccountLimits(200 * MEGABYTE, None, left, 2))
    said, *warnings = lines.messages
    text = format_size(left)
    assert said == f"account: photos up to 200.0 MB, left for uploads: {text}, 2 videos left"
    assert warnings == (["Warning: the files have 6.0 MB, and 5.0 MB are left"] if warns else [])


@pytest.mark.parametrize(("left", "warns"), [(0, True), (1, True), (2, False)])
def test_more_files_than_uploads_left_are_a_warning(lines: Lines, left: int, warns: bool) -> None:
    Report(lines, [1, 1]).show_event(AccountLimits(None, None, None, None, left))
    said, *warnings = lines.messages
    assert said == f"account: {left} uploads left"
    assert warnings == (
        [f"Warning: there are 2 files, and {left} uploads are left"] if warns else []
    )


def test_account_without_limits_is_not_mentioned(lines: Lines) -> None:
    Report(lines, [1]).show_event(AccountLimits(None, None, None, None))
    assert not lines.messages


def test_pause_names_the_file_and_the_reason(lines: Lines) -> None:
    report = Report(lines, [1])
    report.show_event(FileStarted(0, "a\x1b[1m.jpg", 1))
    report.show_event(FileDelayed(0, 30, "look", "flickr.upload: the connection was lost"))
    assert lines.messages == [
        "'a\\x1b[1m.jpg' is looked for on Flickr in 30 s: flickr.upload: the connection was lost"
    ]


def test_ticket_is_replaced_by_its_photo(lines: Lines) -> None:
    report = Report(lines, [1, 1])
    for index in range(2):
        report.show_event(FileFinished(index, FileResult(f"{index}.jpg", "ticket", "1-2")))
    report.show_event(FileFinished(0, FileResult("0.jpg", "uploaded", "53")))
    assert lines.results == ["uploaded 53 0.jpg"]
    report.print_open_tickets()
    assert lines.results[1:] == ["ticket 1-2 1.jpg"]
    assert report.summarize() == "2 files: 1 uploaded, 1 ticket" and not report.has_failures


def test_failures_with_one_error_share_a_line(lines: Lines) -> None:
    report = Report(lines, [1] * 4)
    common, other = FlickrError("the quota is full"), FlickrError("'2.jpg' is empty")
    results = [
        FileResult("0.jpg", "failed", error=common),
        FileResult("1.jpg", "not tried", error=common),
        FileResult("2.jpg", "failed", error=other),
    ]
    for index, result in reversed(list(enumerate(results))):
        report.show_event(FileFinished(index, result))
    report.print_failures()
    assert lines.messages == [
        "'0.jpg': failed: the quota is full (and 1 more for this reason)",
        "'2.jpg' is empty",
    ]
    assert report.summarize() == "4 files: 2 failed, 1 not tried, 1 not finished"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 kB"), (1024**3, "1.0 GB"),
     (1024**5, "1024.0 TB")],
)  # fmt: skip
def test_sizes_are_those_of_flickr(count: int, text: str) -> None:
    assert format_size(count) == text
