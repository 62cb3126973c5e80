"""Test the index of a mirror: when it is written, updated and replaced, and its place."""

from __future__ import annotations

import copy
import errno
import gc
import json
import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from pickle import dumps, loads
from typing import IO, Any

import pytest

from pyflickr_web import load_locally
from pyflickr_web.errors import FileError, MirrorError
from pyflickr_web.mirror.contents.documents import read_document
from pyflickr_web.mirror.index.schema import APPLICATION_ID
from pyflickr_web.mirror.layout import INDEX
from pyflickr_web.transports import files
from tests.mirror.local_mirrors import PAST, LocalMirror, album, photo, tags
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("cache")
Reads = list[str]


@pytest.fixture
def mirror(tmp_path: Path) -> LocalMirror:
    """An old mirror of three photos and an album."""
    made = LocalMirror(tmp_path / "mirror")
    made.add_photos(photo("1", day=1, tags=tags("red fox")), photo("2", day=2), photo("3", day=3))
    made.add_albums(album("71", ["1", "2"]))
    comment = {"id": "5", "_content": "Nice"}
    made.write("ia/photos/comments/1.json", {"photo_id": "1", "comment": [comment]})
    made.write("SHA256SUMS", b"x\n")
    return made.age()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """The names of the JSON files that are read for an index."""
    names: Reads = []

    def spy(file: str) -> Any:
        names.append(Path(file).as_posix().partition("/ia/")[2])
        return read_document(file)

    monkeypatch.setattr("pyflickr_web.mirror.index.build.read_document", spy)
    return names


def load_keys(mirror: LocalMirror, **options: Any) -> list[str]:
    """Load a mirror, and return the ids of its photos."""
    with load_locally(mirror.folder, load_private=True, **options) as data:
        return list(data.photo_keys)


def query(mirror: LocalMirror, text: str) -> list[Any]:
    """Return the rows of a query of the index, as another program sees it."""
    with closing(sqlite3.connect(mirror.folder / INDEX)) as database:
        return database.execute(text).fetchall()


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


def test_second_load_reads_no_file(mirror: LocalMirror, reads: Reads) -> None:
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
    mirror: LocalMirror, reads: Reads, change: str
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
    mirror: LocalMirror, reads: Reads, step: int
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
    mirror: LocalMirror, cache: Path, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    with read_only(mirror.folder, monkeypatch):
        assert load_keys(mirror) == ["3", "2", "1"]
        reads.clear()
        assert load_keys(mirror) == ["3", "2", "1"]
        assert reads == []
    assert not (mirror.folder / INDEX).exists()
    assert len(list(cache.rglob("mirror-*.db"))) == 1


def test_index_of_a_read_only_mirror_is_opened_as_immutable(
    mirror: LocalMirror, cache: Path, reads: Reads, monkeypatch: pytest.MonkeyPatch
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
    mirror: LocalMirror, reads: Reads, monkeypatch: pytest.MonkeyPatch
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


def test_processes_that_build_at_once_load_the_same(mirror: LocalMirror) -> None:
    code = (
        "import sys\n"
        "from pyflickr_web import load_locally\n"
        "with load_locally(sys.argv[1], True) as data:\n"
        "    print(*data.photo_keys, len(data.find('photo')))\n"
    )
    words = [sys.executable, "-c", code, str(mirror.folder)]
    running = [
        subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [process.communicate()[0] for process in running] == ["3 2 1 3\n"] * 3
    assert query(mirror, "PRAGMA integrity_check") == [("ok",)]
    assert sorted(file.name for file in mirror.folder.iterdir()) == ["SHA256SUMS", "ia", INDEX]


def test_open_data_stays_while_another_load_replaces_the_index(mirror: LocalMirror) -> None:
    with load_locally(mirror.folder, True) as data:
        assert len(data.find("photo")) == 3
        mirror.add_photos(photo("4", day=4))
        assert load_keys(mirror) == ["4", "3", "2", "1"]
        assert len(data.find("photo")) == 3


def test_threads_share_the_data(mirror: LocalMirror) -> None:
    failures: list[BaseException] = []
    with load_locally(mirror.folder, True) as data:

        def work() -> None:
            try:
                for _ in range(30):
                    assert data.photos["1"]["sets"] == [{"id": "71", "prev": None, "next": "2"}]
                    assert data.find(tags=["red fox"]) == ["1"]
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_forked_process_has_a_connection_of_its_own(mirror: LocalMirror) -> None:
    with load_locally(mirror.folder, True) as data:
        assert data.find("photo") == ["3", "2", "1"]
        context = multiprocessing.get_context("fork")
        queue = context.SimpleQueue()
        child = context.Process(target=lambda: queue.put(data.find("photo")))
        child.start()
        child.join(30)
        assert child.exitcode == 0 and queue.get() == ["3", "2", "1"]
        assert data.find("photo") == ["3", "2", "1"]


def test_data_that_is_not_closed_warns_of_nothing(mirror: LocalMirror) -> None:
    data = load_locally(mirror.folder)
    assert data.photo_keys
    # An unclosed connection is a ResourceWarning, which is an error here.
    del data
    gc.collect()


def test_connection_that_another_thread_closes_is_opened_again(
    mirror: LocalMirror, reads: Reads
) -> None:
    with load_locally(mirror.folder, True) as data:
        assert data.find("photo") == ["3", "2", "1"]
        connection = data._index._connections.get()
        get = data._index._connections.get
        closed = iter([True])

        def get_closed() -> Any:
            if next(closed, False):
                data.close()
                return connection
            return get()

        data._index._connections.get = get_closed  # type: ignore[method-assign]
        reads.clear()
        assert data.find("photo") == ["3", "2", "1"]
        assert reads == []


def test_connection_that_is_closed_many_times_is_opened_again(mirror: LocalMirror) -> None:
    """Threads that close the data while others use it do not make it fail."""
    with load_locally(mirror.folder) as data:
        connections, get = data._index._connections, data._index._connections.get
        closed = 0

        def get_closed() -> Any:
            nonlocal closed
            connection = get()
            if closed < 5:
                closed += 1
                data.close()
            return connection

        connections.get = get_closed  # type: ignore[method-assign]
        assert len(data.photo_keys) == 3
        assert closed == 5
        del connections.get


@pytest.mark.parametrize("copy", [copy.copy, copy.deepcopy, lambda one: loads(dumps(one))])
def test_copy_has_an_index_of_its_own(mirror: LocalMirror, copy: Callable[[Any], Any]) -> None:
    """Such as data that is sent to another process."""
    with load_locally(mirror.folder, load_private=True) as data:
        keys = list(data.photo_keys)
        with copy(data) as other:
            assert other.photo_keys == keys
            assert other.photosets.keys() == data.photosets.keys()
        assert data.find("photo")


def test_closed_data_opens_again(mirror: LocalMirror) -> None:
    data = load_locally(mirror.folder)
    data.close()
    assert data.find("photo") == ["3", "2", "1"]
    data.close()


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
