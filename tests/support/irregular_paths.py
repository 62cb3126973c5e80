"""Paths that are not regular files; reading them may block for ever."""

from __future__ import annotations

import os
from pathlib import Path

KINDS = ("fifo", "device", "loop", "directory")


def put(kind: str, path: Path) -> Path:
    """Put a FIFO, a link to a device, a link to itself or a directory in place of `path`."""
    path.unlink(missing_ok=True)
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    else:
        path.symlink_to("/dev/null" if kind == "device" else path)
    return path
