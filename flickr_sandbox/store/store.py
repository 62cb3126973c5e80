"""The sandbox's library: SQLite, in memory or in a file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

Row = sqlite3.Row
FIRST_ID = 72157700000000000
# SQLite's application id ("FLkr") and version of the schema, in a library's file.
APPLICATION = 0x464C6B72
SCHEMA = 2
MAX_CACHED = 1000


class NotALibrary(Exception):
    """The file is something else, or a library of another release."""


class LibraryInUse(Exception):
    """Another process has the library open."""


class Store:
    """One library. Use it from one thread: a sandbox's event loop.

    `path` is the database's file, or None for one in memory; `clock` returns Unix seconds. Raises
    `NotALibrary` if the file is something else, `LibraryInUse` if another process has it open, and
    `sqlite3.Error` if it cannot be read or written.
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.in_memory = path is None
        self._cache: dict[tuple[Any, ...], list[Row]] = {}
        self._db = _connect(path or ":memory:")
        try:
            self._open()
        except BaseException as error:
            self._db.close()
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code == sqlite3.SQLITE_NOTADB:
                raise NotALibrary from None
            if code == sqlite3.SQLITE_BUSY:
                raise LibraryInUse from None
            raise

    def _open(self) -> None:
        # The cache of rows is only valid if no other process writes.
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.empty = not self.value("SELECT count(*) FROM sqlite_schema")
        identity = self.value("PRAGMA application_id"), self.value("PRAGMA user_version")
        if not self.empty and identity != (APPLICATION, SCHEMA):
            raise NotALibrary
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        if self.empty:
            self.script("schema.sql")
            self._db.execute(f"PRAGMA application_id = {APPLICATION}")
            self._db.execute(f"PRAGMA user_version = {SCHEMA}")

    def script(self, name: str) -> None:
        """Run one of the package's SQL files."""
        self._db.executescript(files(__package__).joinpath(name).read_text("utf-8"))

    def current_time(self) -> int:
        """Return the time in Unix seconds."""
        return int(self._clock())

    def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row of a query, or None."""
        row: Row | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Return all rows of a query."""
        return self._db.execute(sql, values).fetchall()

    def value(self, sql: str, **values: Any) -> Any:
        """Return the first column of the first row of a query, or None."""
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    def cached_rows(self, sql: str, **values: Any) -> list[Row]:
        """Return all rows of an aggregating query, cached until the next write.

        A client that pages through a listing repeats the query of its length for each page.
        """
        key = (sql, *sorted(values.items()))
        if key not in self._cache:
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            self._cache[key] = self.all(sql, **values)
        return self._cache[key]

    def count(self, sql: str, **values: Any) -> int:
        """Return the number of a counting query, cached as in `cached_rows`."""
        return int(self.cached_rows(sql, **values)[0][0])

    def run(self, sql: str, **values: Any) -> int:
        """Run a statement; return the number of changed rows."""
        changed = self.run_aside(sql, **values)
        if changed:
            self._cache.clear()
        return changed

    def run_aside(self, sql: str, **values: Any) -> int:
        """Run a statement that does not affect cached rows, such as for nonces."""
        return self._db.execute(sql, values).rowcount

    def insert(self, table: str, **values: Any) -> None:
        """Insert a row into a table."""
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", **values)

    def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run a statement for each of many rows."""
        self._db.executemany(sql, rows)
        self._cache.clear()

    def next_id(self) -> int:
        """Return an unused id of 17 digits, like Flickr's, for anything but photos."""
        last = int(self.meta("last_id") or FIRST_ID) + 1
        self.set_meta("last_id", str(last))
        return last

    def meta(self, name: str) -> str | None:
        """Return a value of the table `meta`, or None."""
        value: str | None = self.value("SELECT value FROM meta WHERE name = :name", name=name)
        return value

    def set_meta(self, name: str, value: str) -> None:
        """Set a value of the table `meta`."""
        self.run("INSERT OR REPLACE INTO meta VALUES (:name, :value)", name=name, value=value)

    def account(self) -> Row:
        """Return the person of the sandbox's API key, as whom its pages are seen."""
        person = self.one(
            "SELECT * FROM people"
            " ORDER BY nsid = (SELECT value FROM meta WHERE name = 'account') DESC, nsid LIMIT 1"
        )
        assert person is not None
        return person

    def person_by_name(self, name: str) -> Row | None:
        """Return the person with an alias or NSID, as in addresses, or None; not deleted ones."""
        return self.one(
            "SELECT * FROM people WHERE NOT is_deleted AND (nsid = :name"
            " OR path_alias = :name COLLATE NOCASE)",
            name=name,
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit the block's writes at its end, or roll them back if it raises."""
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._cache.clear()
            raise
        self._db.execute("COMMIT")

    def copy(self) -> bytes:
        """Serialize a library in memory, for `restore`."""
        return self._db.serialize()

    def restore(self, copy: bytes) -> None:
        """Replace the library by a copy."""
        # A new connection: prepared statements of the old one are invalid after `deserialize`.
        self._db.close()
        self._db = _connect(":memory:")
        self._db.deserialize(copy)
        self._cache.clear()

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _connect(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    connection.row_factory = Row
    return connection
