"""Test that the journal keeps what a run recorded, wherever it stops."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyflickr_web.errors import FileError
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import JOURNAL, SECTIONS, Entry, Journal
from tests.mirror.unreliable_file_systems import FullFileSystem, PowerLoss, VolatileFileSystem
from tests.support.irregular_paths import KINDS, put


def sections_of(journal: Journal) -> dict[str, dict[str, Any]]:
    return {name: dict(journal.section(name)) for name in SECTIONS}


def test_next_run_reads_what_was_recorded(tmp_path: Path) -> None:
    journal = Journal(MirrorFolder(tmp_path))
    journal.record([("state", "mark", 1_300_000_000), ("failed", "53", "HTTP 500: \ud83d 🏔️")])
    journal.record([("failed", "54", "timed out"), ("failed", "53", None)])
    again = Journal(MirrorFolder(tmp_path))
    assert again.get("state", "mark") == 1_300_000_000
    assert again.get("state", "other") is None
    assert again.section("failed") == {"54": "timed out"}


@pytest.mark.parametrize("kind", KINDS)
def test_irregular_file_is_an_error_that_names_it(tmp_path: Path, kind: str) -> None:
    (tmp_path / ".mirror").mkdir()
    put(kind, tmp_path / JOURNAL)
    with pytest.raises(FileError, match=r"\.mirror/journal"):
        Journal(MirrorFolder(tmp_path)).record([("state", "mark", 5)])


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    journal = Journal(MirrorFolder(tmp_path))
    journal.record([("failed", "53", None)])
    journal.compact()
    assert not (tmp_path / JOURNAL).exists()
    journal.record([("state", "mark", 5)])
    before = (tmp_path / JOURNAL).stat()
    journal = Journal(MirrorFolder(tmp_path))
    journal.record([("state", "mark", 5), ("outdated", "images/large/1.jpg", None)])
    journal.compact()
    after = (tmp_path / JOURNAL).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_obsolete_lines_are_removed(tmp_path: Path) -> None:
    journal = Journal(MirrorFolder(tmp_path))
    for number in range(50):
        journal.record([("failed", str(number % 3), number)])
    before = sections_of(journal)
    journal.compact()
    assert len((tmp_path / JOURNAL).read_text().splitlines()) == 3
    assert sections_of(journal) == sections_of(Journal(MirrorFolder(tmp_path))) == before


_entries = st.lists(
    st.tuples(
        st.sampled_from(SECTIONS),
        st.sampled_from("abc"),
        st.none() | st.integers() | st.text(max_size=3),
    ),
    max_size=4,
)


@settings(deadline=None, max_examples=60)
@given(runs=st.lists(_entries, max_size=5), is_compacted=st.booleans())
def test_journal_equals_dicts(
    runs: list[list[Entry]], is_compacted: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("mirror")
    expected: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
    for entries in runs:
        journal = Journal(MirrorFolder(root))
        journal.record(entries)
        for section, key, value in entries:
            expected[section] |= {key: value}
            if value is None:
                del expected[section][key]
        if is_compacted:
            journal.compact()
        assert sections_of(journal) == sections_of(Journal(MirrorFolder(root))) == expected


@pytest.mark.parametrize("cut", range(1, 40))
def test_cut_line_is_ignored_and_does_not_spoil_the_next(cut: int, tmp_path: Path) -> None:
    Journal(MirrorFolder(tmp_path)).record([("failed", "1", "a"), ("failed", "2", "b")])
    content = (tmp_path / JOURNAL).read_bytes()
    (tmp_path / JOURNAL).write_bytes(content[:-cut])
    journal = Journal(MirrorFolder(tmp_path))
    before = sections_of(journal)
    journal.record([("failed", "3", "c")])
    before["failed"]["3"] = "c"
    assert sections_of(journal) == sections_of(Journal(MirrorFolder(tmp_path))) == before


def test_full_disk_is_an_error_and_changes_nothing(tmp_path: Path) -> None:
    system = FullFileSystem(70)
    journal = Journal(MirrorFolder(tmp_path, system))
    journal.record([("failed", "1", "a")])
    with pytest.raises(FileError, match="No space left"):
        journal.record([("failed", "2", "b" * 50)])
    assert journal.section("failed") == {"1": "a"}
    system.free = 1000
    journal.record([("failed", "3", "c")])
    assert Journal(MirrorFolder(tmp_path)).section("failed") == {"1": "a", "3": "c"}


def test_power_loss_keeps_what_was_recorded(tmp_path: Path) -> None:
    entries: list[Entry] = [("failed", str(number % 2), number) for number in range(6)]
    for stop in range(60):
        root, system = tmp_path / str(stop), VolatileFileSystem()
        root.mkdir()
        system.fail_after(stop)
        recorded = 0
        try:
            journal = Journal(MirrorFolder(root, system))
            for entry in entries:
                journal.record([entry])
                recorded += 1
            journal.compact()
        except PowerLoss:
            """The test continues with each possible state of the disk."""
        states = [{str(n % 2): n for n in range(count)} for count in range(len(entries) + 1)]
        for seed in range(4):
            survivor = tmp_path / f"{stop}-{seed}"
            system.restart(root, survivor, random.Random(seed))
            found = Journal(MirrorFolder(survivor)).section("failed")
            assert found in states[recorded : recorded + 2], (stop, seed)
    assert recorded == len(entries), "the last stop is after the end"
