"""Test that findings stay until they are repaired, and become entries of the journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.journal import Entry, Journal
from pyflickr_web.mirror.steps.repairs import (
    find_outdated_documents,
    plan_repairs,
    schedule_repairs,
)
from pyflickr_web.mirror.verification.findings import (
    Finding,
    locate_findings,
    read_findings,
    write_findings,
)

DAMAGED = Finding("damaged", "images/small/5.jpg", "its SHA-256 differs")
FAILED = ("failed", "5", str(DAMAGED))


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def folder(tmp_path: Path) -> MirrorFolder:
    folder = MirrorFolder(tmp_path / "mirror")
    folder.prepare()
    return folder


def test_invalid_lines_of_findings_are_skipped(folder: MirrorFolder) -> None:
    write_findings(folder.root, [DAMAGED], is_read_only=False, is_complete=True)
    file = locate_findings(folder.root)[0]
    lines = ["{", "[]", '{"kind": "lost", "name": "x"}', '{"kind": "damaged", "name": 5}', ""]
    file.write_text("\n".join([*lines, file.read_text(), '{"kind": "dama']))
    assert list(read_findings(folder.root)) == [DAMAGED]


def test_two_mirrors_have_findings_of_their_own(tmp_path: Path) -> None:
    write_findings(tmp_path / "a", [DAMAGED], is_read_only=True, is_complete=True)
    assert list(read_findings(tmp_path / "a/../a")) == [DAMAGED]
    assert list(read_findings(tmp_path / "b")) == []


def test_findings_of_a_folder_that_became_writable_replace_the_others(
    folder: MirrorFolder,
) -> None:
    write_findings(folder.root, [DAMAGED], is_read_only=True, is_complete=True)
    other = Finding("missing", "ia/photos/6.json")
    write_findings(folder.root, [other], is_read_only=False, is_complete=True)
    assert list(read_findings(folder.root)) == [other]


@pytest.mark.parametrize(
    ("finding", "entries"),
    [
        (DAMAGED, [("outdated", DAMAGED.name, "damaged"), FAILED]),
        (Finding("missing", "ia/photos/5.json"), [("failed", "5", "missing: ia/photos/5.json")]),
        (
            Finding("unreadable", "ia/photos/contexts/5.json"),
            [
                ("outdated", "ia/photos/contexts/5.json", "damaged"),
                ("state", "pools", None),
                ("failed", "5", "unreadable: ia/photos/contexts/5.json"),
            ],
        ),
        (
            Finding("inconsistent", "ia/photos/5.json", "x"),
            [("failed", "5", "inconsistent: ia/photos/5.json: x")],
        ),
        (
            Finding("inconsistent", "ia/photosets/9.json", "x", "5"),
            [
                ("outdated", "ia/photosets/9.json", "damaged"),
                ("failed", "5", "inconsistent: ia/photosets/9.json: x"),
            ],
        ),
        (
            Finding("without_checksum", "images/icon/large/a.jpg"),
            [("outdated", "images/icon/large/a.jpg", "damaged")],
        ),
        # All favorites are listed by each run with favorites.
        (
            Finding("damaged", "favorites/images/small/5.jpg"),
            [("outdated", "favorites/images/small/5.jpg", "damaged")],
        ),
        (Finding("missing", "notes.txt"), []),
        (Finding("invalid_line", "SHA256SUMS"), []),
    ],
)
def test_findings_become_entries(
    folder: MirrorFolder, finding: Finding, entries: list[Entry]
) -> None:
    assert plan_repairs([finding], Journal(folder)) == entries


def test_missing_file_that_flickr_did_not_give_is_tried_again(folder: MirrorFolder) -> None:
    journal = Journal(folder)
    journal.record([("unavailable", DAMAGED.name, "page")])
    entries = plan_repairs([Finding("missing", DAMAGED.name)], journal)
    assert ("unavailable", DAMAGED.name, None) in entries


def test_file_that_flickr_replaced_stays_outdated_for_that(folder: MirrorFolder) -> None:
    journal = Journal(folder)
    journal.record([("outdated", DAMAGED.name, True)])
    assert plan_repairs([DAMAGED], journal) == [FAILED]


def test_many_photos_are_found_by_listing_the_account(folder: MirrorFolder) -> None:
    findings = [Finding("missing", f"images/small/{number}.jpg") for number in range(1, 202)]
    journal = Journal(folder)
    assert plan_repairs(findings, journal) == [("state", "unfinished", "walk")]
    journal.record([("state", "unfinished", "full")])
    assert plan_repairs(findings, journal) == []


def test_findings_are_forgotten_once_they_are_in_the_journal(folder: MirrorFolder) -> None:
    document = Finding("damaged", "ia/photos/6.json")
    write_findings(folder.root, [DAMAGED, document], is_read_only=False, is_complete=True)
    assert schedule_repairs(folder, Journal(folder)) == 2
    assert not locate_findings(folder.root)[0].exists()
    journal = Journal(folder)
    assert set(journal.section("outdated")) == {DAMAGED.name, document.name}
    assert find_outdated_documents(journal) == {document.name}
    assert schedule_repairs(folder, journal) == 0
