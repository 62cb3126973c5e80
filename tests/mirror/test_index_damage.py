"""Test that a damaged index is replaced, a killed build leaves none, and other databases stay."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web import load_locally
from pyflickr_web.mirror.layout import INDEX
from pyflickr_web.transports import files
from tests.mirror.local_mirrors import (
    LocalMirror,
    load_keys,
    make_old_mirror,
    photo,
    query,
)
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def mirror(tmp_path: Path) -> LocalMirror:
    return make_old_mirror(tmp_path / "mirror")


def _truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    # The schema stays; all tables are damaged.
    content[4096:] = os.urandom(len(content) - 4096)
    file.write_bytes(content)


def _remove_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP TABLE index_state")


def _set_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 999")


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"not a database" * 1000),
        _truncate,
        _spoil,
        _remove_table,
        _set_version,
    ],
    ids=["empty", "other", "truncated", "spoilt", "incomplete", "version"],
)
def test_damaged_index_is_written_anew(mirror: LocalMirror, damage: Any) -> None:
    load_keys(mirror)
    damage(mirror.folder / INDEX)
    assert load_keys(mirror) == ["3", "2", "1"]
    assert query(mirror, "PRAGMA integrity_check") == [("ok",)]


def _spoil_table(mirror: LocalMirror, table: str) -> None:
    """Spoil the first page of a table, which opening the index does not read."""
    [(page,)] = query(mirror, f"SELECT rootpage FROM sqlite_master WHERE name = '{table}'")
    file = mirror.folder / INDEX
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    file.write_bytes(content)


def test_outdated_index_that_is_damaged_is_written_anew(mirror: LocalMirror, cache: Path) -> None:
    load_keys(mirror)
    _spoil_table(mirror, "files")
    mirror.add_photos(photo("4", day=4))
    assert load_keys(mirror) == ["4", "3", "2", "1"]
    assert query(mirror, "PRAGMA integrity_check") == [("ok",)]
    assert not cache.exists()


def test_damage_that_a_query_meets_is_repaired(mirror: LocalMirror) -> None:
    mirror.add_photos(*(photo(str(number), day=number) for number in range(10, 400))).age()
    load_keys(mirror)
    _spoil_table(mirror, "photos")
    with load_locally(mirror.folder) as data:
        assert len(data.find(taken="2011")) == 393
    assert query(mirror, "PRAGMA integrity_check") == [("ok",)]


def test_database_of_another_program_is_not_replaced(mirror: LocalMirror, cache: Path) -> None:
    with closing(sqlite3.connect(mirror.folder / INDEX)) as database:
        database.execute("CREATE TABLE mine (x)")
        database.commit()
    before = (mirror.folder / INDEX).read_bytes()
    assert load_keys(mirror) == ["3", "2", "1"]
    assert (mirror.folder / INDEX).read_bytes() == before
    assert list(cache.rglob("mirror-*.db"))


def test_database_of_another_program_that_was_killed_is_not_replaced(mirror: LocalMirror) -> None:
    """With the journal of a transaction that was not ended, it cannot be read without writing."""
    path = mirror.folder / INDEX
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE own (value)")
    content = path.read_bytes()
    (mirror.folder / f"{INDEX}-journal").write_bytes(b"x" * 5000)
    with load_locally(mirror.folder) as data:
        assert len(data.photo_keys) == 3
    assert path.read_bytes() == content


@pytest.mark.parametrize("suffix", ["-journal", "-wal", "-shm"])
def test_journal_of_another_program_does_not_spoil_the_index(
    mirror: LocalMirror, suffix: str
) -> None:
    load_locally(mirror.folder).close()
    journal = mirror.folder / f"{INDEX}{suffix}"
    journal.write_bytes(b"x" * 5000)
    with load_locally(mirror.folder, refresh=True) as data:
        assert len(data.photo_keys) == 3
    assert not journal.exists()
    journal.write_bytes(b"x" * 5000)
    with load_locally(mirror.folder) as data:
        assert len(data.photo_keys) == 3
        assert data.find("photo")


def test_folder_with_the_name_of_the_index_is_left_alone(mirror: LocalMirror, cache: Path) -> None:
    (mirror.folder / INDEX).mkdir()
    assert load_keys(mirror) == ["3", "2", "1"]
    assert (mirror.folder / INDEX).is_dir() and list(cache.rglob("mirror-*.db"))


def test_killed_build_leaves_no_index_and_the_next_removes_its_file(mirror: LocalMirror) -> None:
    code = (
        "import os, sys\n"
        "from pyflickr_web.mirror.index import build as index_build\n"
        "from pyflickr_web import load_locally\n"
        "index_build._record_state = lambda *_: os._exit(9)\n"
        "load_locally(sys.argv[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, mirror.folder], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert not (mirror.folder / INDEX).exists()
    assert list(mirror.folder.glob(files.PREFIX + "*"))
    assert load_keys(mirror) == ["3", "2", "1"]
    assert sorted(file.name for file in mirror.folder.iterdir()) == ["SHA256SUMS", "ia", INDEX]
