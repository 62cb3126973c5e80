"""The index of a mirror, open for queries: the one in the mirror, or in the user's cache, or a new one.

It is never the truth: an index that is outdated, damaged or of another version is written anew.
"""

from __future__ import annotations

import json
import os
import sqlite3
import weakref
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from pyflickr_web.log import logger
from pyflickr_web.mirror.files.errors import file_errors, missing_mirror
from pyflickr_web.mirror.index.build import build_index, unpack_ids
from pyflickr_web.mirror.index.schema import APPLICATION_ID, VERSION
from pyflickr_web.mirror.index.stamps import Stamps, is_fresh, read_stamps
from pyflickr_web.mirror.layout import INDEX, STATE
from pyflickr_web.transports.errors import FileError, MirrorError
from pyflickr_web.transports.process_local import ProcessLocal

Row = tuple[Any, ...]
_IMMUTABLE = "&immutable=1"


class Index:
    """The index of the mirror in the folder `root`. Threads may share it, and processes after a fork.

    Raises `MirrorError` if the folder has no mirror, and `FileError` if a folder is unreadable, or if
    no index can be written. With `refresh` it is written anew from all files.
    """

    def __init__(self, root: Path, refresh: bool = False) -> None:
        self._root = root
        self._place = _Place(_find_or_build(root, refresh))
        self._connections = ProcessLocal(partial(_Connection, self._place))
        # Connections that are only collected are reported as leaks by Python.
        weakref.finalize(self, _close, self._connections)

    @property
    def path(self) -> Path:
        """The path of the index."""
        return self._place.path

    def select(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows of a query. A damaged index is written anew. Raises `MirrorError`."""
        try:
            return self._select(query, values)
        except sqlite3.DatabaseError as error:
            logger.info("the index %s is damaged (%s): it is written anew", self.path, error)
            _close(self._connections)
            self._place.path = _find_or_build(self._root, refresh=True)
        try:
            return self._select(query, values)
        except sqlite3.DatabaseError as error:
            raise MirrorError(f"cannot read the index {str(self.path)!r}: {error}") from error

    def read_ids(self, name: str) -> array[int]:
        """Return a list of ids by its name, one of `KEY_LISTS`."""
        [(content,)] = self.select("SELECT value FROM index_state WHERE name = ?", (name,))
        return unpack_ids(content)

    def close(self) -> None:
        """Close the index; a later query opens it again."""
        _close(self._connections)

    def _select(self, query: str, values: Sequence[object]) -> list[Row]:
        while (rows := self._connections.get().select(query, values)) is None:
            # Another thread has closed it.
            logger.debug("the index %s is opened again", self.path)
        return rows


@dataclass(slots=True)
class _Place:
    """The path of the index, which changes if a new one is written elsewhere."""

    path: Path


class _Connection:
    """A connection to the index, with a lock for threads.

    It is opened by its first query, because `ProcessLocal` drops all but one of those that threads make
    at once.
    """

    def __init__(self, place: _Place) -> None:
        self._place = place
        self._database: sqlite3.Connection | None = None
        self._is_closed = False
        self._lock = Lock()

    def select(self, query: str, values: Sequence[object]) -> list[Row] | None:
        """Return the rows of a query; None if the connection is closed."""
        with self._lock:
            if self._is_closed:
                return None
            if self._database is None:
                self._database = _open(self._place.path)
            return self._database.execute(query, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            if self._database is not None:
                self._database.close()


def _close(connections: ProcessLocal[_Connection]) -> None:
    if connection := connections.pop():
        connection.close()


def _open(path: Path, is_immutable: bool = False) -> sqlite3.Connection:
    # SQLite would otherwise look for a journal and lock the file, which some read-only media refuse.
    immutable = "" if os.access(path.parent, os.W_OK) and not is_immutable else _IMMUTABLE
    address = f"{path.resolve().as_uri()}?mode=ro{immutable}"
    return sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)


def _find_or_build(root: Path, refresh: bool) -> Path:
    """Return the path of an index that is fresh, after writing it if that is needed."""
    _require_mirror(root)
    stamps = read_stamps(root)
    usable: list[Path] = []
    if not refresh:
        for path in _list_places(root):
            recorded = _read_recorded_stamps(path)
            if recorded is not None and is_fresh(recorded, stamps):
                return path
            usable += [path] if recorded is not None else []
    problem: Exception | None = None
    for path in _list_places(root):
        if _belongs_to_others(path):
            continue
        try:
            build_index(root, path, usable[0] if usable else None)
            return path
        except (OSError, sqlite3.Error) as error:
            # The mirror is on a medium that is read-only or full.
            problem = problem or error
    reason = (
        getattr(problem, "strerror", None) or problem or "databases of other programs are there"
    )
    raise FileError(
        f"cannot write an index of {str(root)!r}, neither there nor at {str(path)!r} ({reason}): "
        "make one of the folders writable"
    ) from problem


def _list_places(root: Path) -> Iterator[Path]:
    """Yield the paths at which an index may be, the best first."""
    yield root / INDEX
    yield _find_cache_file(root)


def _find_cache_file(root: Path) -> Path:
    """Return the path of the index of a mirror in the user's cache folder."""
    # Imported here: most loads need neither.
    from hashlib import sha256

    from platformdirs import user_cache_path

    place = sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return user_cache_path("pyflickr-web", appauthor=False) / f"mirror-{place}.db"


def _require_mirror(root: Path) -> None:
    """Raise `MirrorError` unless a folder has a mirror, maybe of an account without photos."""
    with file_errors(root):
        if any((root / name).is_dir() for name in ("ia", STATE)):
            return
        raise missing_mirror(root, "it has no folder 'ia'")


def _read_recorded_stamps(path: Path) -> Stamps | None:
    """Return the stamps in an index; None if it is missing, damaged, or of another version."""
    if not path.is_file():
        return None
    with suppress(sqlite3.Error, ValueError, TypeError), closing(_open(path)) as database:
        if _read_header(database) != (APPLICATION_ID, VERSION):
            return None
        [(stamps,)] = database.execute("SELECT value FROM index_state WHERE name = 'stamps'")
        recorded = json.loads(stamps)
        return recorded if isinstance(recorded, dict) else None
    return None


def _belongs_to_others(path: Path) -> bool:
    """Return True if a file is a database of another program, which must not be replaced."""
    if not path.is_file():
        return False
    # A journal that a killed program left prevents all other ways to read it.
    with suppress(sqlite3.Error), closing(_open(path, is_immutable=True)) as database:
        if _read_header(database)[0] != APPLICATION_ID:
            return bool(database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    return False


def _read_header(database: sqlite3.Connection) -> tuple[int, int]:
    names = ("application_id", "user_version")
    found = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    return int(found[0]), int(found[1])
