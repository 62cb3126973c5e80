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
# What SQLite notes in a library's file: whose it is, and of which schema ("FLkr").
APPLICATION = 0x464C6B72
SCHEMA = 1
MOST_SUMS = 1000


class NotALibrary(Exception):
    """A file that holds something else, or a library of another release."""


class LibraryInUse(Exception):
    """A library that another process has open."""


class Store:
    """One library. All of a sandbox uses it from the one thread that answers.

    `path` is the database's file, or None for one in memory; `clock` returns Unix seconds. Raises
    `NotALibrary` if the file is something else, `LibraryInUse` if another process has it open, and
    `sqlite3.Error` if it cannot be read or written.
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._sums: dict[tuple[Any, ...], list[Row]] = {}
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
        # What is remembered here holds only while nobody else writes.
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.empty = not self.value("SELECT count(*) FROM sqlite_schema")
        noted = self.value("PRAGMA application_id"), self.value("PRAGMA user_version")
        if not self.empty and noted != (APPLICATION, SCHEMA):
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
        """The time, in Unix seconds."""
        return int(self._clock())

    def one(self, sql: str, **values: Any) -> Row | None:
        """The first row of a query, None where there is none."""
        row: Row | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, **values: Any) -> list[Row]:
        """All rows of a query."""
        return self._db.execute(sql, values).fetchall()

    def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row of a query, None where there is none."""
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    def cached_rows(self, sql: str, **values: Any) -> list[Row]:
        """All rows of a query that looks at many and tells few, remembered until something is written:
        whoever pages through a listing asks how long it is again and again."""
        key = (sql, *sorted(values.items()))
        if key not in self._sums:
            if len(self._sums) >= MOST_SUMS:
                self._sums.clear()
            self._sums[key] = self.all(sql, **values)
        return self._sums[key]

    def count(self, sql: str, **values: Any) -> int:
        """The number that a query counts, remembered as `cached_rows` does."""
        return int(self.cached_rows(sql, **values)[0][0])

    def run(self, sql: str, **values: Any) -> int:
        """Run a statement; how many rows it changed."""
        changed = self.run_aside(sql, **values)
        if changed:
            self._sums.clear()
        return changed

    def run_aside(self, sql: str, **values: Any) -> int:
        """Run a statement that changes nothing of what is summed: nonces, say."""
        return self._db.execute(sql, values).rowcount

    def insert(self, table: str, **values: Any) -> None:
        """Add a row to a table."""
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", **values)

    def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run a statement for each of many rows."""
        self._db.executemany(sql, rows)
        self._sums.clear()

    def next_id(self) -> int:
        """An id that nothing has yet, for what is no photo: 17 digits, as Flickr's are."""
        last = int(self.meta("last_id") or FIRST_ID) + 1
        self.set_meta("last_id", str(last))
        return last

    def meta(self, name: str) -> str | None:
        """What was noted under a name."""
        value: str | None = self.value("SELECT value FROM meta WHERE name = :name", name=name)
        return value

    def set_meta(self, name: str, value: str) -> None:
        """Note something under a name."""
        self.run("INSERT OR REPLACE INTO meta VALUES (:name, :value)", name=name, value=value)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What happens inside is written whole, or, where it raises, not at all."""
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._sums.clear()
            raise
        self._db.execute("COMMIT")

    def copy(self) -> bytes:
        """All of a library that is in memory, for `restore`."""
        return self._db.serialize()

    def restore(self, copy: bytes) -> None:
        """The library as it was when it was copied."""
        # Statements that SQLite keeps prepared do not outlive what they were prepared for.
        self._db.close()
        self._db = _connect(":memory:")
        self._db.deserialize(copy)
        self._sums.clear()

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _connect(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    connection.row_factory = Row
    return connection
