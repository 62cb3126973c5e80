"""The errors of a mirror's folder: of its file system, and for a folder without a mirror."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyflickr_web.transports.errors import FileError, MirrorError
from pyflickr_web.transports.files import describe_os_error

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def file_errors(file: Path) -> Iterator[None]:
    """Convert the errors of a file system to `FileError`."""
    try:
        yield
    except OSError as error:
        reason = describe_os_error(error)
        path = str(error.filename or file)
        advice = "free some space" if error.errno in _FULL else "check it, or use another folder"
        text = f"mirror: cannot use {path!r} ({reason}): {advice}, and run it again"
        raise FileError(text) from error


def missing_mirror(root: Path, problem: str = "") -> MirrorError:
    """Return the error for a folder without a mirror; `problem` is what a folder that exists lacks."""
    if not root.is_dir():
        problem = "not a folder" if root.exists() else "the folder is missing"
    advice = f"make one with `pyflickr-web downsync {root}`"
    return MirrorError(f"no mirror at {str(root)!r} ({problem}): {advice}")
