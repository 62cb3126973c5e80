"""Write the index of a mirror from its JSON files; update one from the files that changed."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import stat
import sys
import time
from array import array
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pyflickr_web.mirror.contents.document_checks import DamagedDocument
from pyflickr_web.mirror.contents.documents import read_document
from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.index.json_values import LARGEST_INTEGER
from pyflickr_web.mirror.index.rows import ROWS
from pyflickr_web.mirror.index.schema import (
    APPLICATION_ID,
    FULL_TEXT,
    INDEXES,
    REMOVALS,
    TABLES,
    VERSION,
)
from pyflickr_web.mirror.index.stamps import KINDS, Stamps, certain_time, read_stamps
from pyflickr_web.mirror.layout import COMPANIONS, Kind, Tree, parse_name
from pyflickr_web.transports.files import atomic_path, remove_leftovers

# The names of lists of ids, with their conditions.
KEY_LISTS = {"all_photos": "1", "public_photos": "is_public"}
_CACHE_KILOBYTES = 64_000
# A kind and id, the size and time of the file.
_FoundFile = tuple[str, int | str, int, int | None]

_PREPARE_SCAN = """
CREATE TEMP TABLE found
    (kind TEXT, id, size INTEGER, time INTEGER, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TEMP TABLE changes (kind TEXT, id, size INTEGER, time INTEGER, is_new INTEGER);
"""
_FIND_REMOVED = """
SELECT kind, id FROM files WHERE NOT EXISTS
    (SELECT 1 FROM found WHERE found.kind = files.kind AND found.id = files.id)
"""
# A time that is not certain is NULL, and differs from any other.
_FIND_CHANGES = """
INSERT INTO changes
SELECT found.kind, found.id, found.size, found.time, files.id IS NULL
FROM found LEFT JOIN files ON files.kind = found.kind AND files.id = found.id
WHERE files.id IS NULL OR files.size IS NOT found.size OR files.time IS NULL
    OR found.time IS NULL OR files.time != found.time
ORDER BY found.kind, found.id
"""


def build_index(root: Path, target: Path, source: Path | None = None) -> None:
    """Write the index of the mirror in `root` to the file `target`, in one step.

    From the index `source`, rows of files with the same size and time are taken over. Raises `OSError`
    or `sqlite3.Error` if it cannot be written, and `FileError` if a folder of the mirror is unreadable.
    """
    # The stamps come first: a change during the build makes the index outdated.
    stamps = read_stamps(root)
    remove_leftovers(target.parent)
    with atomic_path(target) as temporary:
        if source is None or not _copy(root, source, temporary, stamps):
            _write(root, temporary, stamps)
        # SQLite would apply the journal of another program, if it was killed, to the new index.
        for suffix in COMPANIONS:
            target.with_name(target.name + suffix).unlink(missing_ok=True)


def _copy(root: Path, source: Path, file: Path, stamps: Stamps) -> bool:
    """Write an index from another one; return False if that is damaged."""
    try:
        shutil.copyfile(source, file)
        _write(root, file, stamps)
    except (OSError, sqlite3.Error):
        os.truncate(file, 0)
        return False
    return True


def _write(root: Path, file: Path, stamps: Stamps) -> None:
    # Nobody else opens the file, and an incomplete one is discarded.
    address = f"{file.resolve().as_uri()}?nolock=1"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(f"PRAGMA cache_size = -{_CACHE_KILOBYTES}")
        database.execute("BEGIN")
        if not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            _run_script(database, TABLES)
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {VERSION}")
        _update(root, database)
        _record_state(database, stamps)
        database.execute("COMMIT")


def _update(root: Path, database: sqlite3.Connection) -> None:
    """Make the rows agree with the files."""
    _run_script(database, _PREPARE_SCAN)
    now = time.time_ns()
    for kind in KINDS:
        rows = _list_files(root, kind, now)
        database.executemany("INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?)", rows)
    changed = set()
    for kind, item_id in database.execute(_FIND_REMOVED).fetchall():
        _remove(database, kind, item_id)
        database.execute("DELETE FROM files WHERE kind = ? AND id = ?", (kind, item_id))
        changed.add(kind)
    database.execute(_FIND_CHANGES)
    for kind, item_id, size, modified, is_new in database.execute("SELECT * FROM changes"):
        if not is_new:
            _remove(database, kind, item_id)
        problem = _insert(root, database, kind, item_id)
        values = (kind, item_id, size, modified, problem)
        database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", values)
        changed.add(kind)
    _run_script(database, INDEXES)
    for kind in sorted(changed & FULL_TEXT.keys()):
        table = FULL_TEXT[kind]
        database.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")


def _list_files(root: Path, kind: Kind, now: int) -> Iterator[_FoundFile]:
    folder = Tree().document_folder(kind)
    with file_errors(root / folder):
        try:
            entries = os.scandir(root / folder)
        except (FileNotFoundError, NotADirectoryError):
            return
        with entries:
            for entry in entries:
                file = parse_name(f"{folder}/{entry.name}")
                if file is None or file.kind != kind:
                    continue
                try:
                    found = entry.stat()
                except FileNotFoundError:
                    continue
                except OSError as error:
                    if error.errno != errno.ELOOP:
                        raise
                    # A link to itself: its reading names the problem.
                    found = entry.stat(follow_symlinks=False)
                item_id = file.id if kind == "collection" else int(file.id)
                if isinstance(item_id, int) and item_id > LARGEST_INTEGER:
                    continue
                if stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode):
                    yield kind, item_id, found.st_size, certain_time(found.st_mtime_ns, now)


def _insert(root: Path, database: sqlite3.Connection, kind: Kind, item_id: int | str) -> str | None:
    """Insert the rows of a file; return the problem of a damaged one."""
    try:
        item = read_document(f"{root}{os.sep}{Tree().document(kind, str(item_id))}")
    except FileNotFoundError:
        return "the file is missing"
    except DamagedDocument as error:
        return str(error)
    for table, values in ROWS[kind](item_id, item):
        marks = "?" + ", ?" * (len(values) - 1)
        database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)
    return None


def _remove(database: sqlite3.Connection, kind: str, item_id: int | str) -> None:
    for statement in REMOVALS[kind]:
        database.execute(statement, (item_id,))


def _record_state(database: sqlite3.Connection, stamps: Stamps) -> None:
    state: dict[str, object] = {"stamps": json.dumps(stamps)}
    for name, condition in KEY_LISTS.items():
        rows = database.execute(
            f"SELECT id FROM photos WHERE {condition} ORDER BY posted DESC, id DESC"
        )
        state[name] = pack_ids(row[0] for row in rows)
    database.executemany("INSERT OR REPLACE INTO index_state VALUES (?, ?)", state.items())


def pack_ids(ids: Iterator[int]) -> bytes:
    """Return ids as 64-bit numbers, the lowest byte first."""
    numbers = array("q", ids)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def unpack_ids(content: bytes) -> array[int]:
    """Return the ids of `pack_ids`."""
    numbers = array("q", content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _run_script(database: sqlite3.Connection, script: str) -> None:
    """Run statements in the current transaction, which `executescript` would commit."""
    for statement in script.split(";"):
        if statement.strip():
            database.execute(statement)
