"""Test the index of a mirror: when it is written, updated and replaced, and its place."""

from __future__ import annotations

import errno
import json
import os
import random
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from pyflickr_web import load_locally
from pyflickr_web.errors import FileError, MirrorError
from pyflickr_web.mirror.index.schema import APPLICATION_ID
from pyflickr_web.mirror.layout import INDEX
from pyflickr_web.transports import files
from tests.mirror.local_mirrors import (
    PAST,
    LocalMirror,
    album,
    load_keys,
    make_old_mirror,
    photo,
    query,
    tags,
)

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def mirror(tmp_path: Path) -> LocalMirror:
    return make_old_mirror(tmp_path / "mirror")


@contextmanager
def read_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse to write into a folder; root may write to any folder by its permissions."""
    open_temporary, access = files._open_temporary, os.access

    def refuse(target: Path, mode: int) -> tuple[Path, IO[bytes]]:
        if target == folder:
            raise OSError(errno.EROFS, "Read-only file system", str(target))
        return open_temporary(target, mode)

    with monkeypatch.context() as patch:
        patch.setattr(files, "_open_temporary", refuse)
        patch.setattr(os, "access", lambda path, mode: path != folder and access(path, mode))
        yield


def test_second_load_reads_no_file(mirror: LocalMirror, reads: list[str]) -> None:
    assert load_keys(mirror) == ["3", "2", "1"]
    assert sorted(reads) == [
        "photos/1.json",
        "photos/2.json",
        "photos/3.json",
        "photos/comments/1.json",
        "photosets/71.json",
    ]
    reads.clear()
    before = (mirror.folder / INDEX).read_bytes()
    assert load_keys(mirror) == ["3", "2", "1"]
    assert reads == []
    assert (mirror.folder / INDEX).read_bytes() == before


def test_second_load_lists_no_folder_and_looks_at_few_files(
    mirror: LocalMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index of a million photos opens as fast as one of three."""
    load_keys(mirror)
    looks: list[str] = []
    scan, stat = os.scandir, os.stat

    def spy_scan(path: Any) -> Any:
        looks.append(f"scan {path}")
        return scan(path)

    def spy_stat(path: Any, **options: Any) -> os.stat_result:
        looks.append(str(path))
        return stat(path, **options)

    monkeypatch.setattr(os, "scandir", spy_scan)
    monkeypatch.setattr(os, "stat", spy_stat)
    load_keys(mirror)
    inside = [look for look in looks if str(mirror.folder) in look]
    assert not [look for look in inside if look.startswith("scan") or look.endswith(".json")]
    assert len(inside) < 25


@pytest.mark.parametrize("change", ["add", "remove", "rename over", "sums"])
def test_change_of_the_mirror_updates_the_index(
    mirror: LocalMirror, reads: list[str], change: str
) -> None:
    load_keys(mirror)
    reads.clear()
    if change == "add":
        mirror.add_photos(photo("4", day=4))
        expected, changed = ["4", "3", "2", "1"], ["photos/4.json"]
    elif change == "remove":
        (mirror.folder / "ia/photos/2.json").unlink()
        expected, changed = ["3", "1"], []
    elif change == "rename over":
        # As downsync replaces a file.
        new = mirror.write("new", photo("1", day=9))
        os.utime(new, (PAST + 5, PAST + 5))
        new.rename(mirror.folder / "ia/photos/1.json")
        expected, changed = ["1", "3", "2"], ["photos/1.json"]
    else:
        mirror.write("ia/photos/1.json", photo("1", day=9))
        sums = mirror.write("SHA256SUMS", b"longer\n")
        for path in (sums, mirror.folder / "ia/photos"):
            os.utime(path, (PAST, PAST))
        expected, changed = ["1", "3", "2"], ["photos/1.json"]
    assert load_keys(mirror) == expected
    # Only what changed is read again.
    assert reads == changed


def test_updated_index_equals_a_new_one(mirror: LocalMirror) -> None:
    chance = random.Random(4)
    tables = ("photos", "photosets", "photoset_photos", "comments", "tags", "files", "index_state")
    dumps = [f"SELECT * FROM {name} ORDER BY 1, 2" for name in tables]
    dumps.append("SELECT rowid FROM photos_fts WHERE photos_fts MATCH 'photo'")
    for _ in range(6):
        for _ in range(4):
            number = chance.randrange(1, 9)
            file = mirror.folder / f"ia/photos/{number}.json"
            if chance.random() < 0.3:
                file.unlink(missing_ok=True)
            else:
                names = [f"tag {chance.randrange(5)}" for _ in range(2)]
                mirror.add_photos(photo(str(number), day=chance.randrange(9), tags=tags(*names)))
            members = [str(chance.randrange(1, 9)) for _ in range(3)]
            mirror.add_albums(album(str(chance.randrange(70, 73)), members))
        mirror.age()
        for file in mirror.folder.glob("ia/*/*.json"):
            # Each content has a time of its own.
            moment = PAST + zlib.crc32(file.read_bytes()) % 10**8
            os.utime(file, (moment, moment))
        os.utime(mirror.folder / "ia/photos", (PAST - chance.randrange(10**6),) * 2)
        load_keys(mirror)
        updated = [query(mirror, text) for text in dumps]
        load_keys(mirror, refresh=True)
        assert [query(mirror, text) for text in dumps] == updated


def test_change_right_after_a_load_is_seen(mirror: LocalMirror) -> None:
    """A file that is written in the same step of the clock may have the time of the one before."""
    mirror.add_photos(photo("4", day=4))
    moment = (mirror.folder / "ia/photos").stat().st_mtime_ns
    assert load_keys(mirror) == ["4", "3", "2", "1"]
    mirror.add_photos(photo("5", day=5))
    os.utime(mirror.folder / "ia/photos", ns=(moment, moment))
    assert load_keys(mirror) == ["5", "4", "3", "2", "1"]


@pytest.mark.parametrize("step", [1, 2])
def test_copy_with_times_in_whole_seconds_has_a_fresh_index(
    mirror: LocalMirror, reads: list[str], step: int
) -> None:
    """Archives and optical media keep whole seconds, FAT even ones."""
    moment = (PAST + 1) * 10**9 + 600_000_000
    for path in mirror.folder.rglob("*"):
        os.utime(path, ns=(moment, moment))
    load_keys(mirror)
    reads.clear()
    for path in mirror.folder.rglob("*"):
        os.utime(path, ns=(moment // 10**9 // step * step * 10**9,) * 2)
    load_keys(mirror)
    assert reads == []


def test_read_only_mirror_has_its_index_in_the_cache(
    mirror: LocalMirror, cache: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with read_only(mirror.folder, monkeypatch):
        assert load_keys(mirror) == ["3", "2", "1"]
        reads.clear()
        assert load_keys(mirror) == ["3", "2", "1"]
        assert reads == []
    assert not (mirror.folder / INDEX).exists()
    assert len(list(cache.rglob("mirror-*.db"))) == 1


def test_index_of_a_read_only_mirror_is_opened_as_immutable(
    mirror: LocalMirror, cache: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_keys(mirror)
    reads.clear()
    addresses: list[str] = []
    connect = sqlite3.connect

    def spy(address: str, **options: Any) -> sqlite3.Connection:
        addresses.append(address)
        connection: sqlite3.Connection = connect(address, **options)
        return connection

    with read_only(mirror.folder, monkeypatch), monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", spy)
        load_keys(mirror)
    assert addresses and all(address.endswith("?mode=ro&immutable=1") for address in addresses)
    assert reads == [] and not cache.exists()
    addresses.clear()
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", spy)
        load_keys(mirror)
    assert addresses and all(address.endswith("?mode=ro") for address in addresses)


def test_outdated_index_of_a_read_only_mirror_is_updated_in_the_cache(
    mirror: LocalMirror, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_keys(mirror)
    mirror.add_photos(photo("4", day=4))
    os.utime(mirror.folder / "ia/photos", (PAST + 9, PAST + 9))
    before = (mirror.folder / INDEX).read_bytes()
    reads.clear()
    with read_only(mirror.folder, monkeypatch):
        assert load_keys(mirror) == ["4", "3", "2", "1"]
    assert reads == ["photos/4.json"]
    assert (mirror.folder / INDEX).read_bytes() == before


def test_index_that_cannot_be_written_anywhere_is_a_file_error(
    mirror: LocalMirror, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.write_text("not a folder")
    with (
        read_only(mirror.folder, monkeypatch),
        pytest.raises(FileError, match=r"Read-only file system.*make one of the folders writable"),
    ):
        load_keys(mirror)


def test_index_is_a_database_for_other_programs(mirror: LocalMirror) -> None:
    load_keys(mirror)
    assert query(mirror, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert query(mirror, "PRAGMA journal_mode") == [("delete",)]
    assert query(mirror, "PRAGMA integrity_check") == [("ok",)]
    assert query(mirror, "PRAGMA foreign_key_check") == []
    assert query(mirror, "SELECT photo, tag, raw FROM tags") == [(1, "redfox", "red fox")]
    assert query(mirror, "SELECT text FROM comments_fts WHERE comments_fts MATCH 'nice'")
    keys = {
        table: {row[2:5] for row in query(mirror, f"PRAGMA foreign_key_list({table})")}
        for table in ("photoset_photos", "comments", "tags", "photosets")
    }
    assert keys == {
        "photoset_photos": {("photosets", "photoset", "id"), ("photos", "photo", "id")},
        "comments": {("photos", "photo", "id")},
        "tags": {("photos", "photo", "id")},
        "photosets": {("photos", "primary_photo", "id")},
    }


def test_load_creates_nothing_but_the_index(mirror: LocalMirror, cache: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in mirror.folder.rglob("*")}
    load_keys(mirror)
    after = {path: path.stat().st_mtime_ns for path in mirror.folder.rglob("*")}
    assert after.keys() - before.keys() == {mirror.folder / INDEX}
    assert {path: after[path] for path in before} == before
    assert not cache.exists()


def test_unreadable_folder_is_a_file_error(
    mirror: LocalMirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(FileError, match=r"ia/photos.*Permission denied"):
        load_keys(mirror)


def test_error_of_a_query_is_a_mirror_error(mirror: LocalMirror) -> None:
    with (
        load_locally(mirror.folder) as data,
        pytest.raises(MirrorError, match="cannot read the in"),
    ):
        data._index.select("SELECT nothing FROM nowhere")


def test_state_has_no_paths_of_this_machine(mirror: LocalMirror) -> None:
    """An index is valid at another place: the mirror may be moved, or mounted elsewhere."""
    load_keys(mirror)
    assert str(mirror.folder).encode() not in (mirror.folder / INDEX).read_bytes()
    [(stamps,)] = query(mirror, "SELECT value FROM index_state WHERE name = 'stamps'")
    assert set(json.loads(stamps)) == {
        "SHA256SUMS",
        "ia/photos",
        "ia/photos/comments",
        "ia/photosets",
        "ia/collections",
    }
