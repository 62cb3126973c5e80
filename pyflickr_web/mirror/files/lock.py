"""The lock of a mirror: one process writes to it at a time."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.json_files import read_json
from pyflickr_web.mirror.layout import STATE
from pyflickr_web.transports.errors import FlickrError, MirrorError

LOCK = f"{STATE}/lock"
# Windows lets nobody read a locked file: the holder's name is in a file of its own.
HOLDER = f"{STATE}/holder.json"


@contextmanager
def lock_mirror(root: Path, system: FileSystem | None = None) -> Iterator[None]:
    """Lock the mirror in `root` for this process; the system unlocks it if the process ends.

    Raises `MirrorError` that names the holder if another process has locked it, and `FileError`.
    """
    with file_errors(root):
        (system or FileSystem()).make_folder(root / STATE)
        # Another thread may unlock it.
        lock = FileLock(root / LOCK, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            raise MirrorError(
                f"{str(root)!r} is in use by {_describe_holder(root)}: wait until it ends, or stop it"
            ) from None
    try:
        with suppress(OSError):
            (root / HOLDER).write_text(_describe_self(), "utf-8")
        yield
    finally:
        with suppress(OSError):
            (root / HOLDER).unlink()
        lock.release()


def _describe_self() -> str:
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"pid": os.getpid(), "host": platform.node(), "since": started})


def _describe_holder(root: Path) -> str:
    holder = None
    with suppress(FlickrError):
        holder = read_json(root / HOLDER)
    pid, host, since = ((holder or {}).get(name) for name in ("pid", "host", "since"))
    if type(pid) is not int or not isinstance(host, str) or not isinstance(since, str):
        return "another process"
    return f"process {pid} on {host!r} since {since}"
