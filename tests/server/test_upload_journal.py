"""Test the journal's file: it survives kills, and refuses files that are not journals."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.errors import FileError
from pyflickr_web.upload.journal import Journal, JournalEntry
from pyflickr_web.upload.records import open_records
from tests.support.irregular_paths import KINDS, put

ACCOUNT = "1@N00"
SHA = "ab" * 32


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal"


def entry(state: Any = "done", **changes: Any) -> JournalEntry:
    return JournalEntry(
        **{
            "account": ACCOUNT,
            "sha256": SHA,
            "path": "/a.jpg",
            "state": state,
            "time": 1.0,
            "is_tagged": True,
            **changes,
        }
    )


def test_journal_is_used_by_one_upload_at_a_time(journal: Path) -> None:
    first = Journal(journal, ACCOUNT)
    with pytest.raises(FileError, match="is in use by another upload"):
        Journal(journal, ACCOUNT)
    first.close()
    Journal(journal, ACCOUNT).close()


def test_upload_that_is_cancelled_while_it_opens_the_journal_unlocks_it(journal: Path) -> None:
    flow = open_records(journal, ACCOUNT, is_tagged=True)
    flow.send(None).perform()
    # Its task is cancelled, and the result of the effect is lost.
    flow.close()
    Journal(journal, ACCOUNT).close()


def test_journal_is_readable_only_by_its_owner(journal: Path) -> None:
    Journal(journal, ACCOUNT).close()
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


@pytest.mark.parametrize("count", [1, 20, -1])
def test_entry_that_was_cut_by_a_kill_is_ignored(journal: Path, count: int) -> None:
    with_two = Journal(journal, ACCOUNT)
    with_two.append(entry(id="1"))
    length = journal.stat().st_size
    with_two.append(entry(sha256="cd" * 32))
    with_two.close()
    content = journal.read_bytes()
    journal.write_bytes(content[: length + count] if count > 0 else content[:-1])
    again = Journal(journal, ACCOUNT)
    assert again.find(SHA) == entry(id="1") and again.find("cd" * 32) is None
    again.append(entry(sha256="ef" * 32))
    again.close()
    assert [json.loads(line)["sha256"] for line in journal.read_text().splitlines()] == [
        SHA,
        "ef" * 32,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x\n",
        "{}\n",
        "[]\n",
        "1\n",
        '{"account": "1@N00"}\n',
        "[" * 10_000 + "\n",
        "notes without a line break",
        '{"access_token": "1"}',
    ],
)
def test_file_that_is_not_a_journal_is_left_alone(journal: Path, text: str) -> None:
    journal.parent.mkdir()
    journal.write_text(text)
    with pytest.raises(FileError, match=r"is not a journal \(line 1\): use another one"):
        Journal(journal, ACCOUNT)
    assert journal.read_text() == text


@pytest.mark.parametrize("count", [1, 9, 20])
def test_journal_whose_only_entry_was_cut_by_a_kill_is_empty(journal: Path, count: int) -> None:
    first = Journal(journal, ACCOUNT)
    first.append(entry())
    first.close()
    journal.write_bytes(journal.read_bytes()[:count])
    again = Journal(journal, ACCOUNT)
    assert again.find(SHA) is None
    again.close()
    assert not journal.read_bytes()


def test_entry_of_a_later_release_is_read(journal: Path) -> None:
    Journal(journal, ACCOUNT).close()
    journal.write_text(json.dumps(json.loads(_dump(entry())) | {"newer": 1}) + "\n")
    again = Journal(journal, ACCOUNT)
    assert again.find(SHA, "/a.jpg") == entry()
    again.close()


def _dump(each: JournalEntry) -> str:
    return json.dumps({name: getattr(each, name) for name in JournalEntry.__slots__})


@pytest.mark.skipif(os.name != "posix", reason="no FIFOs, and links need rights")
@pytest.mark.parametrize("kind", KINDS)
def test_path_that_cannot_be_a_journal_is_refused(kind: str, tmp_path: Path) -> None:
    target = put(kind, tmp_path / "journal")
    with pytest.raises(FileError, match=r"the journal '.*' cannot be opened"):
        Journal(target, ACCOUNT)


def test_threads_append_whole_entries(journal: Path) -> None:
    shared = Journal(journal, ACCOUNT)

    def append_entries(number: int) -> None:
        for count in range(20):
            shared.append(entry(path=f"/{number}/{count}"))

    threads = [threading.Thread(target=append_entries, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shared.close()
    again = Journal(journal, ACCOUNT)
    assert all(again.find(SHA, f"/{n}/{i}") for n in range(4) for i in range(20))
    again.close()
