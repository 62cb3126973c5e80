"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PREFIX = ".pyflickr-web-"


@contextmanager
def written_whole(target: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of `target` once it is on the disk.

    Where the block raises, or the disk is full, what was at `target` stays as it was and nothing lies
    beside it. `mode` is the file's permissions, less those that the process's umask takes away.

    Raises `OSError` if a folder, a FIFO or a device is at `target`.
    """
    # Imported here: most clients write no file.
    import secrets

    target.parent.mkdir(parents=True, exist_ok=True)
    _require_replaceable(target)
    temporary = target.with_name(PREFIX + secrets.token_hex(8))
    try:
        with open(temporary, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _require_replaceable(target: Path) -> None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a regular file", str(target))


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
