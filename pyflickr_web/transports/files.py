"""Read only regular files, and write files atomically."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PREFIX = ".pyflickr-web-"
_TEMPORARY = re.compile(re.escape(PREFIX) + r"[0-9a-f]{16}")


@contextmanager
def atomic_write(target: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """Open a temporary file for writing, and replace `target` by it at the end of the block.

    If the block raises, or the disk is full, `target` stays unchanged and the temporary file is removed.
    `mode` sets the file's permissions, less the process's umask.

    Raises `OSError` if `target` is a folder, a FIFO or a device.
    """
    with _replace_at_end(target, mode) as (_, file):
        yield file


@contextmanager
def atomic_path(target: Path, mode: int = 0o666) -> Iterator[Path]:
    """Return the path of an empty temporary file, for a library that opens files by their paths.

    At the end of the block it replaces `target`, as in `atomic_write`.
    """
    with _replace_at_end(target, mode) as (temporary, _):
        yield temporary


@contextmanager
def _replace_at_end(target: Path, mode: int) -> Iterator[tuple[Path, IO[bytes]]]:
    target.parent.mkdir(parents=True, exist_ok=True)
    require_replaceable(target)
    temporary, file = _open_temporary(target.parent, mode)
    try:
        with file:
            yield temporary, file
            file.flush()
            os.fsync(file.fileno())
            if os.name == "posix":
                # Still open, because closing it releases its lock.
                temporary.replace(target)
        if os.name != "posix":
            # Windows cannot rename an open file.
            temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def require_regular(file: Path) -> None:
    """Raise `OSError` if `file`, its links followed, is missing or not a regular file.

    Reading a FIFO or a device may never end.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(file))


def read_regular(file: Path) -> bytes:
    """Return the content of a regular file. Raises `OSError` for other kinds of files."""
    require_regular(file)
    return file.read_bytes()


def require_replaceable(target: Path) -> None:
    """Raise `OSError` if something other than a regular file is at `target`."""
    try:
        require_regular(target)
    except FileNotFoundError:
        return


def check_writable(folder: Path) -> None:
    """Raise `OSError` if a folder is not writable."""
    temporary, file = _open_temporary(folder, 0o600)
    try:
        with file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    finally:
        temporary.unlink(missing_ok=True)


def is_temporary(name: str) -> bool:
    """Return True for the name of a temporary file, maybe of a process that was killed."""
    return bool(_TEMPORARY.fullmatch(name))


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files of killed processes, but not those still being written."""
    for file in folder.glob(PREFIX + "*"):
        if is_temporary(file.name):
            with suppress(OSError):
                _remove_leftover(file)


def _open_temporary(folder: Path, mode: int) -> tuple[Path, IO[bytes]]:
    # Imported here: most clients write no files.
    import secrets

    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        path = folder / (PREFIX + secrets.token_hex(8))
        handle = os.open(path, flags, mode)
        _lock(handle, wait=True)
        # Another process may have removed it as a leftover before it was locked.
        if os.name != "posix" or os.fstat(handle).st_nlink:
            return path, os.fdopen(handle, "wb")
        os.close(handle)


def _remove_leftover(file: Path) -> None:
    if os.name != "posix":
        # Windows refuses to remove an open file.
        return file.unlink()
    # Do not follow links: a leftover is a file.
    if not stat.S_ISREG(file.lstat().st_mode):
        return None
    with file.open("rb") as opened:
        if _lock(opened.fileno(), wait=False):
            file.unlink()
    return None


def _lock(handle: int, wait: bool) -> bool:
    """Lock a file until it is closed; return False if it is locked, or locks are unsupported."""
    if os.name != "posix":
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Flush a folder, so that a new name survives a power failure; if the system supports it."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(handle)


def describe_os_error(error: OSError) -> str:
    """Return the reason of an error in the system's words, without the path: `Is a directory`."""
    return error.strerror or type(error).__name__
