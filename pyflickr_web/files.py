"""Read regular files only, and write files whole or not at all."""

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
    """Open a file to write, which takes the place of `target` once it is on the disk.

    Where the block raises, or the disk is full, what was at `target` stays as it was and nothing lies
    beside it. `mode` is the file's permissions, less those that the process's umask takes away.

    Raises `OSError` if a folder, a FIFO or a device is at `target`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    require_replaceable(target)
    temporary, file = _open_temporary(target.parent, mode)
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if os.name == "posix":
                # Still open, as its lock goes when it is closed.
                temporary.replace(target)
        if os.name != "posix":
            # Windows renames no file that is open.
            temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def require_regular(file: Path) -> None:
    """Raise `OSError` if `file`, its links followed, is missing or not a regular file.

    Reading a FIFO or a device may never end.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(file))


def read_regular(file: Path) -> bytes:
    """Return the content of a regular file. Raises `OSError` for anything else."""
    require_regular(file)
    return file.read_bytes()


def require_replaceable(target: Path) -> None:
    """Raise `OSError` if something other than a regular file is at `target`."""
    try:
        require_regular(target)
    except FileNotFoundError:
        return


def check_writable(folder: Path) -> None:
    """Raise `OSError` if no file can be written in a folder."""
    temporary, file = _open_temporary(folder, 0o600)
    try:
        with file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of processes that were killed; files still being written stay."""
    for file in folder.glob(PREFIX + "*"):
        if _TEMPORARY.fullmatch(file.name):
            with suppress(OSError):
                _remove_leftover(file)


def _open_temporary(folder: Path, mode: int) -> tuple[Path, IO[bytes]]:
    # Imported here: most clients write no file.
    import secrets

    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        path = folder / (PREFIX + secrets.token_hex(8))
        handle = os.open(path, flags, mode)
        _lock(handle, wait=True)
        # It may have been removed as a leftover before it was locked.
        if os.name != "posix" or os.fstat(handle).st_nlink:
            return path, os.fdopen(handle, "wb")
        os.close(handle)


def _remove_leftover(file: Path) -> None:
    if os.name != "posix":
        # Windows refuses by itself while a process has it open.
        return file.unlink()
    # Links are not followed: what a process left is a file.
    if not stat.S_ISREG(file.lstat().st_mode):
        return None
    with file.open("rb") as opened:
        if _lock(opened.fileno(), wait=False):
            file.unlink()
    return None


def _lock(handle: int, wait: bool) -> bool:
    """Lock a file until it is closed; False where it is locked, or the file system has no locks."""
    if os.name != "posix":
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut; Windows and some file systems have no such thing for
    folders."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(handle)
