"""The journal of uploads: a file to which each step of an upload is appended.

An entry is a line of JSON: the account, the hash and the path of a file, and its state. The file is
flushed to the disk at each entry, so that it is true after a power failure or a kill.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.transports.errors import FileError
from pyflickr_web.transports.files import require_replaceable, sync_folder

State = Literal["sending", "ticket", "done", "failed"]
# Each entry starts with its account.
_START = b'{"account": '


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The state of a file: being sent (or killed meanwhile), a ticket, on Flickr, or not on Flickr.

    `id` is that of the ticket or the photo. `time` is in Unix seconds, `mtime` in nanoseconds.
    `is_tagged` is True if the photo has its hash tag, by which it can be found.
    """

    account: str
    sha256: str
    path: str
    state: State
    time: float
    is_tagged: bool
    id: str | None = None
    size: int | None = None
    mtime: int | None = None


class Journal:
    """An open journal of one account; it is locked until it is closed.

    Raises `FileError` if the file cannot be used, is in use, or is of another account. Threads may share
    it.
    """

    def __init__(self, file: Path, account: str) -> None:
        self._file = file
        self._lock = Lock()
        self._entries: dict[str, dict[str, JournalEntry]] = {}
        try:
            self._handle = _open(file)
        except OSError as error:
            raise self._error(f"cannot be opened: {error.strerror}", error) from error
        try:
            self._load(account)
        except BaseException:
            os.close(self._handle)
            raise

    def find(self, sha256: str, path: str | None = None) -> JournalEntry | None:
        """Return the entry of a file with this content, at `path` or at any path; None without one.

        If there are several, that of a finished file comes first, and of the others the latest.
        """
        entries = self._entries.get(sha256, {})
        if path is not None:
            return entries.get(path)
        order = ("failed", "sending", "ticket", "done")
        return max(
            entries.values(), key=lambda each: (order.index(each.state), each.time), default=None
        )

    def find_hash(self, path: str, size: int, mtime: int | None) -> str | None:
        """Return the hash of a finished file, if it has not changed since; this saves hashing it."""
        entry = self._done.get(path)
        same = entry and (entry.size, entry.mtime) == (size, mtime)
        return entry.sha256 if entry and same else None

    def list_entries(self, photo_id: str) -> list[JournalEntry]:
        """Return the entries of finished files that are on Flickr as this photo."""
        return [
            entry
            for entries in self._entries.values()
            for entry in entries.values()
            if entry.state == "done" and entry.id == photo_id
        ]

    def append(self, entry: JournalEntry) -> None:
        """Add an entry, and flush it to the disk. Raises `FileError`; then the journal is unchanged."""
        line = json.dumps(asdict(entry)).encode() + b"\n"
        with self._lock:
            length = os.fstat(self._handle).st_size
            try:
                if os.write(self._handle, line) < len(line):
                    raise OSError(None, "No space left on device")
                os.fsync(self._handle)
            except OSError as error:
                os.ftruncate(self._handle, length)
                raise self._error(f"cannot be written: {error.strerror}", error) from error
            self._add(entry)

    def close(self) -> None:
        """Close the file, which unlocks it."""
        os.close(self._handle)

    def _load(self, account: str) -> None:
        if not _lock(self._handle):
            raise self._error("is in use by another upload: wait for its end, or use another one")
        self._done: dict[str, JournalEntry] = {}
        content = self._file.read_bytes()
        length = content.rfind(b"\n") + 1
        for number, line in enumerate(content[:length].splitlines(), 1):
            entry = _parse(line)
            if entry is None:
                raise self._error(f"is not a journal (line {number}): use another one")
            if entry.account != account:
                raise self._error(
                    f"is of the account {entry.account!r}, not {account!r}: use another one"
                )
            self._add(entry)
        if not length and content[: len(_START)] != _START[: len(content)]:
            raise self._error("is not a journal (line 1): use another one")
        # The process was killed while it wrote the last line.
        os.ftruncate(self._handle, length)

    def _add(self, entry: JournalEntry) -> None:
        self._entries.setdefault(entry.sha256, {})[entry.path] = entry
        if entry.state == "done":
            self._done[entry.path] = entry

    def _error(self, reason: str, cause: OSError | None = None) -> FileError:
        error = FileError(f"{UPLOAD}: the journal {str(self._file)!r} {reason}", method=UPLOAD)
        error.__cause__ = cause
        return error


def _open(file: Path) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    require_replaceable(file)
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    # Only for the owner: it has the names of private photos.
    handle = os.open(file, flags, 0o600)
    sync_folder(file.parent)
    return handle


def _lock(handle: int) -> bool:
    """Lock a file until it is closed; return False if another process has locked it."""
    if os.name != "posix":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        """The file system has no locks."""
    return True


def _parse(line: bytes) -> JournalEntry | None:
    try:
        return JournalEntry(**dict(_known_fields(json.loads(line))))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _known_fields(entry: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    # A later release may add others.
    return ((name, entry[name]) for name in JournalEntry.__slots__ if name in entry)
