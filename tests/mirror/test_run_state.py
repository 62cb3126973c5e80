"""Test which runs compare everything or list the whole stream, by the state that others left."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Journal
from pyflickr_web.mirror.plan import Scope
from pyflickr_web.mirror.session.run_state import DAY, RunState
from pyflickr_web.mirror.settings import Settings

NOW = 1_800_000_000
MARK = 1_700_000_000
MONTH = 30 * DAY


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """The journal of a mirror whose first run has ended now, by a clock that stands still."""
    monkeypatch.setattr(
        "pyflickr_web.mirror.session.run_state.time", SimpleNamespace(time=lambda: NOW)
    )
    journal = Journal(MirrorFolder(tmp_path))
    state = RunState(journal, Settings(), is_owner=True)
    assert state.is_first and state.walks and state.lists_pools and not state.is_full
    state.begin()
    state.end(MARK, groups={})
    return journal


def open_state(journal: Journal, is_owner: bool = True, **options: Any) -> RunState:
    return RunState(journal, Settings(**options), is_owner)


def test_run_after_a_complete_one_only_lists_changes(journal: Journal) -> None:
    state = open_state(journal)
    assert state.mark == MARK
    assert not (state.is_first or state.is_full or state.walks or state.lists_pools)


@pytest.mark.parametrize("direction", [1, -1], ids=["later", "a clock that was ahead"])
def test_run_is_full_after_a_month(journal: Journal, direction: int) -> None:
    journal.record([("state", "full", NOW - direction * MONTH)])
    assert not open_state(journal).is_full
    journal.record([("state", "full", NOW - direction * (MONTH + 1))])
    state = open_state(journal)
    assert state.is_full and state.walks and state.lists_pools
    assert not open_state(journal, since=MARK).is_full
    state.begin()
    state.end(MARK, groups={})
    assert not open_state(journal).is_full


@pytest.mark.parametrize(
    "options",
    [
        {"full": True},
        {"pools": True},
        {"remove_deleted": True},
        {"is_owner": False},
        {"scope": Scope(sizes=("s",))},
    ],
    ids=str,
)
def test_whole_stream_is_listed_if_changes_do_not_tell_all(
    journal: Journal, options: dict[str, Any]
) -> None:
    state = open_state(journal, **options)
    assert state.walks
    assert state.is_full == ("full" in options)
    assert state.lists_pools == ("full" in options or "pools" in options)


@pytest.mark.parametrize("full", [False, True])
def test_run_that_was_stopped_is_repeated(journal: Journal, full: bool) -> None:
    open_state(journal, full=full, pools=True).begin()
    state = open_state(journal)
    assert state.walks and state.is_full == full
    state.end(MARK, groups={})
    assert not open_state(journal).walks


def test_run_over_a_part_leaves_the_whole_account_to_the_next(journal: Journal) -> None:
    """It writes metadata of photos whose other files are unfinished until the next run."""
    state = open_state(journal, since=MARK)
    state.begin()
    state.end(MARK + 1, groups={})
    state = open_state(journal)
    assert state.mark == MARK and state.walks


def test_mark_never_goes_back(journal: Journal) -> None:
    open_state(journal).end(MARK - 1, groups={})
    assert open_state(journal).mark == MARK


def test_mark_in_the_future_hides_no_change(journal: Journal) -> None:
    """A photo has an invalid date: each run lists all photos, until that is corrected."""
    open_state(journal).end(NOW + 2 * DAY, groups={})
    state = open_state(journal)
    assert state.walks and not state.is_first
    state.end(MARK, groups={})
    state = open_state(journal)
    assert state.mark == MARK and not state.walks


def test_pools_that_failed_are_read_again(journal: Journal) -> None:
    open_state(journal, pools=True).end(MARK, groups=None)
    assert open_state(journal).lists_pools
