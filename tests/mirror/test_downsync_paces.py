"""Test the paces and workers of a run: by default, and those that the options set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.mirror.events import Events, Paused, RunEstimated
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.pacing import call_pace
from pyflickr_web.mirror.pacing.file_pace import REFUSALS_BEFORE_REST, REST
from pyflickr_web.mirror.settings import read_settings
from pyflickr_web.mirror.sync import FILES_PAUSE, LIMIT_PAUSE, make_downloads
from tests.mirror.mirroring import Mirroring, skip_pauses
from tests.mirror.virtual_time import VirtualClock, drive_without_network

LOOPBACK = {"base_url": "http://127.0.0.1:1"}


@pytest.mark.parametrize(
    ("options", "given", "workers", "a_second"),
    [
        # Flickr accepts one to three downloads at once.
        ({}, {}, 3, 2.0),
        (LOOPBACK, {}, 16, None),
        ({}, {"workers": 1, "file_rate": 0.5}, 1, 0.5),
        (LOOPBACK, {"workers": 2, "file_rate": 4}, 2, 4.0),
    ],
)
def test_downloads_are_as_many_and_as_fast_as_flickr_accepts_or_the_options_say(
    tmp_path: Path,
    options: dict[str, Any],
    given: dict[str, Any],
    workers: int,
    a_second: float | None,
) -> None:
    folder, settings = MirrorFolder(tmp_path), read_settings(given)
    downloads = make_downloads(folder, options, settings, Events(None))
    assert (downloads.workers, downloads.pace.a_second) == (workers, a_second)


def test_long_rest_of_the_downloads_is_told(tmp_path: Path) -> None:
    clock, events = VirtualClock(), list[Any]()
    pace = make_downloads(
        MirrorFolder(tmp_path), {}, read_settings({}), Events(events.append), clock
    ).pace
    for _ in range(REFUSALS_BEFORE_REST):
        assert Paused(FILES_PAUSE, REST) not in events
        pace.refuse(drive_without_network(pace.wait(), clock))
    assert events[-1] == Paused(FILES_PAUSE, REST)


def test_rate_of_files_is_that_of_the_option(mirroring: Mirroring) -> None:
    events: list[Any] = []
    mirroring.run(sizes="thumbnail", file_rate=0.5, dry_run=True, on_event=events.append)
    [told] = [event for event in events if isinstance(event, RunEstimated)]
    assert told.estimate.file_hours == pytest.approx(told.estimate.files * 2 / 3600)


def test_long_pauses_of_the_limit_of_calls_are_told(
    either: Mirroring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(call_pace, "find_file", lambda api_key: tmp_path / "pace.json")
    skip_pauses(monkeypatch)
    events: list[Any] = []
    either.run(sizes="thumbnail", max_per_hour=20, dry_run=True, on_event=events.append)
    pauses = [event for event in events if isinstance(event, Paused)]
    assert {event.reason for event in pauses} == {LIMIT_PAUSE}
    assert pauses[0].seconds == pytest.approx(180, abs=60)


@pytest.mark.parametrize("limit", ["albums", "since"])
def test_estimate_of_a_part_of_the_account_has_no_calls_for_the_rest(
    mirroring: Mirroring, limit: str
) -> None:
    titles = [album["title"]["_content"] for album in mirroring.list_albums()]
    given: dict[str, Any] = {"albums": titles[:1]} if limit == "albums" else {"since": 1}
    events: list[Any] = []
    report = mirroring.run(sizes="thumbnail", on_event=events.append, **given)
    [found] = [event.estimate for event in events if isinstance(event, RunEstimated)]
    assert found.calls == report.calls
    # Nothing is left to do, which needs no estimate.
    mirroring.run(sizes="thumbnail", on_event=events.append, **given)
    assert len([event for event in events if isinstance(event, RunEstimated)]) == 1
