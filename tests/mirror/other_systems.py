"""Windows, macOS and FAT as the mirror's file layer sees them: fakes of the modules `os` and `fcntl`."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import ModuleType
from typing import Any


class FakeOs:
    """The module `os` of another system; `flushed` has the inodes that `fsync` was called for.

    `flush_error` is the error of `fsync`, and `time_error` that of `utime`.
    """

    def __init__(
        self,
        name: str,
        flush_error: Exception | None = None,
        time_error: Exception | None = None,
    ) -> None:
        self.name = name
        self.flushed: set[int] = set()
        self._flush_error = flush_error
        self._time_error = time_error

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, path: Path, flags: int) -> int:
        """Open a file; Windows opens no folders."""
        if self.name == "nt" and path.is_dir():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return os.open(path, flags)

    def fsync(self, handle: int) -> None:
        """Flush a file."""
        if self._flush_error:
            raise self._flush_error
        self.flushed.add(os.fstat(handle).st_ino)

    def utime(self, path: Path, times: tuple[int, int]) -> None:
        """Set the times of a file."""
        if self._time_error:
            raise self._time_error
        os.utime(path, times)


class FakeFcntl(ModuleType):
    """The module `fcntl` of macOS; `flushed` has the inodes that were flushed to the drive itself."""

    F_FULLFSYNC = 51

    def __init__(self, is_supported: bool = True) -> None:
        super().__init__("fcntl")
        self.flushed: set[int] = set()
        self._is_supported = is_supported

    def fcntl(self, handle: int, command: int) -> None:
        """Flush a file; network folders refuse it."""
        assert command == self.F_FULLFSYNC
        if not self._is_supported:
            raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))
        self.flushed.add(os.fstat(handle).st_ino)
