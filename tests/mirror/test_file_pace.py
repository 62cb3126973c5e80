"""Test the pace of downloads: the image host refuses files with 429, and longer if it is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flickr_sandbox import FileThrottle, Sandbox
from pyflickr_web.errors import RateLimitError
from pyflickr_web.mirror.download import Downloads, FetchedFile
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.metadata.pictures import Picture
from pyflickr_web.mirror.pacing.file_pace import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LONGEST_RETRY_AFTER,
    RECOVERY,
    REFUSALS_BEFORE_REST,
    REST,
    FilePace,
    is_loopback,
    read_retry_after,
)
from pyflickr_web.transports.gather import Gather
from tests.mirror.virtual_time import (
    Drive,
    VirtualClock,
    drive_in_tasks,
    drive_in_threads,
    drive_without_network,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pyflickr_web.core.flow import Flow


def begin(pace: FilePace, clock: VirtualClock) -> float:
    """Wait for a download, and return the moment when it begins."""
    moment: float = drive_without_network(pace.wait(), clock)
    return moment


def list_pauses(pace: FilePace, clock: VirtualClock, count: int) -> list[float]:
    """Return the seconds before each of some downloads that succeed."""
    pauses = []
    for _ in range(count):
        before = clock.now
        begin(pace, clock)
        pauses.append(clock.now - before)
        pace.succeed()
    return pauses


def test_pace_begins_slowly_and_reaches_its_rate() -> None:
    clock = VirtualClock()
    pauses = list_pauses(FilePace(2.0, clock), clock, 30)
    assert pauses[:2] == [0, FIRST_PAUSE]
    assert pauses[2:] == sorted(pauses[2:], reverse=True)
    assert pauses[-1] == pytest.approx(0.5)


def test_refusals_double_the_pause_and_success_shortens_it() -> None:
    clock = VirtualClock()
    pace = FilePace(2.0, clock)
    list_pauses(pace, clock, 30)
    pauses = []
    for _ in range(8):
        pace.refuse(begin(pace, clock))
        before = clock.now
        pauses.append(begin(pace, clock) - before)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128]
    pace.succeed()
    assert max(list_pauses(pace, clock, 5)) <= LONGEST_PAUSE
    assert list_pauses(pace, clock, 60)[-1] == pytest.approx(0.5)


def test_downloads_that_are_refused_together_double_the_pause_once() -> None:
    clock = VirtualClock()
    pace = FilePace(None, clock)
    begun = [begin(pace, clock) for _ in range(3)]
    clock.now += 0.1
    for moment in begun:
        pace.refuse(moment)
    before = clock.now
    assert begin(pace, clock) - before == 1


def test_refusal_also_holds_those_that_wait_already() -> None:
    clock = VirtualClock()
    pace = FilePace(1.0, clock)
    begun = begin(pace, clock)
    waiting = pace.wait()
    pause = next(waiting)
    assert pause.most == FIRST_PAUSE
    clock.sleep(pause)
    pace.refuse(begun, 100)
    assert waiting.send(None).most == 100


def test_ten_refusals_in_a_row_are_followed_by_a_long_rest() -> None:
    clock = VirtualClock()
    rests: list[float] = []
    pace = FilePace(2.0, clock, rests.append)
    for _ in range(REFUSALS_BEFORE_REST):
        assert REST not in rests
        pace.refuse(begin(pace, clock))
    assert rests.count(REST) == 1
    before = clock.now
    assert begin(pace, clock) - before == REST
    pace.succeed()
    for _ in range(REFUSALS_BEFORE_REST - 1):
        pace.refuse(begin(pace, clock))
    pace.succeed()
    pace.refuse(begin(pace, clock))
    assert rests.count(REST) == 1


def test_host_that_refuses_for_hours_is_an_error() -> None:
    clock = VirtualClock()
    pace = FilePace(2.0, clock)
    start = clock.now
    with pytest.raises(RateLimitError):
        while True:
            pace.refuse(begin(pace, clock))
    assert 3600 < clock.now - start < 4 * 3600


def test_pace_without_a_limit_never_pauses_until_it_is_refused() -> None:
    clock = VirtualClock()
    pace = FilePace(None, clock)
    assert list_pauses(pace, clock, 50) == [0] * 50
    pace.refuse(begin(pace, clock))
    assert list_pauses(pace, clock, 50)[-1] == 0


@pytest.mark.parametrize("rate", [0, -1.0, float("nan"), float("inf")])
def test_invalid_rate_is_an_error(rate: float) -> None:
    with pytest.raises(ValueError, match="invalid file rate"):
        FilePace(rate)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        ("1.5", 1.5),
        (None, 0),
        ("", 0),
        ("-3", 0),
        ("nan", 0),
        ("soon", 0),
        ("inf", LONGEST_RETRY_AFTER),
        ("9" * 400, LONGEST_RETRY_AFTER),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 20),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 99 Jan 1970 00:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(text: str | None, seconds: float) -> None:
    assert read_retry_after(text, wall_clock=lambda: 100.0) == seconds


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8100", True),
        ("http://localhost", True),
        ("http://[::1]:8100/", True),
        ("https://api.flickr.com", False),
        ("http://127.example.org", False),
        ("http://[", False),
        (None, False),
    ],
)
def test_only_addresses_of_this_machine_are_loopback(url: str | None, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_paces_are_off_only_against_this_machine(tmp_path: Path) -> None:
    folder = MirrorFolder(tmp_path)
    for url, is_limited in (("http://127.0.0.1:1", False), (None, True), ("http://x.org", True)):
        assert Downloads(folder, {"base_url": url}).pace.is_limited is is_limited


@pytest.mark.parametrize(
    "drive",
    [pytest.param(drive_in_threads, marks=pytest.mark.soak), drive_in_tasks],
    ids=["threads", "tasks"],
)
def test_host_that_throttles_gives_all_files_for_few_refused_requests(
    drive: Drive, tmp_path: Path
) -> None:
    """The sandbox allows 30 files, then one a second, and refuses 20 seconds after each refusal."""
    clock = VirtualClock()
    folder = MirrorFolder(tmp_path)
    count = 120
    with Sandbox(photos=count) as sandbox:
        sandbox.faults.throttle_files(FileThrottle(30, 1.0, 20.0, clock))
        rows = sandbox.store.all("SELECT id, server, secret FROM photos LIMIT 120")
        pictures = [
            Picture(
                f"images/square/small/{row['id']}.jpg",
                f"{sandbox.url}/{row['server']}/{row['id']}_{row['secret']}_s.jpg",
            )
            for row in rows
        ]
        downloads = Downloads(folder, {"base_url": sandbox.url}, FilePace(2.0, clock))

        def work() -> Flow:
            flows = [downloads.fetch(one) for one in pictures]
            return (yield Gather(flows, downloads.workers))

        before = clock.now
        results = drive(work(), clock)
        refused = sandbox.answers["429"]
    assert len(results) == count and all(isinstance(one, FetchedFile) for one in results)
    assert 0 < refused < count / 4
    assert clock.now - before < 5 * count


def test_pause_that_the_host_asks_for_is_reported_from_five_seconds_on() -> None:
    clock = VirtualClock()
    rests: list[float] = []
    pace = FilePace(None, clock, rests.append)
    for seconds in (4, 5, 600):
        pace.refuse(begin(pace, clock), seconds)
    assert rests == [5, 600]


def test_pause_of_downloads_that_are_refused_together_is_reported_once() -> None:
    clock = VirtualClock()
    rests: list[float] = []
    pace = FilePace(None, clock, rests.append)
    begun = [begin(pace, clock) for _ in range(16)]
    for moment in begun:
        clock.now += 0.2
        pace.refuse(moment, 16)
    waiting = pace.wait()
    assert next(waiting).most == 16
    assert rests == [16]
    # A download in flight is refused for longer.
    pace.refuse(begun[0], 60)
    assert rests == [16, 60]


def test_slow_pace_after_refusals_is_reported_too() -> None:
    """After a refusal, the pause between downloads is doubled, and shrinks only with their success."""
    clock = VirtualClock()
    rests: list[float] = []
    pace = FilePace(None, clock, rests.append)
    for _ in range(4):
        pace.refuse(begin(pace, clock))
    rests.clear()
    pauses = list_pauses(pace, clock, 5)
    assert pauses == [8, 8, *(pytest.approx(8 * RECOVERY**count) for count in (1, 2, 3))]
    assert rests == pauses[1:4]
