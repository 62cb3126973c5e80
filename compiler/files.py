"""Files at paths that a person names, where something other than a file may be."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


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


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, unless it is there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        # What is there is no folder.
        code = errno.ENOTDIR
        raise NotADirectoryError(code, os.strerror(code), str(folder)) from None
