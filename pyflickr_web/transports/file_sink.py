"""A sink that writes a photo's file atomically, for both HTTP libraries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from pyflickr_web.transports.errors import FileError
from pyflickr_web.transports.files import atomic_write


class FileTooLarge(Exception):
    """A file is larger than the limit."""


class FileSink:
    """A context manager that writes a file and, at its end, replaces `target` by it.

    Raises `FileError` if writing fails, and `FileTooLarge` for more than `longest` bytes.
    """

    def __init__(self, target: Path, longest: int) -> None:
        self._target = target
        self._longest = longest
        self._count = 0
        self._context = atomic_write(target)

    def check_length(self, length: int | None) -> None:
        """Raise `FileTooLarge` if a length is above the limit."""
        if length and length > self._longest:
            raise FileTooLarge

    def write(self, piece: bytes) -> None:
        """Write the next piece."""
        self._count += len(piece)
        self.check_length(self._count)
        with _file_errors(self._target):
            self._file.write(piece)

    def sync(self) -> None:
        """Flush the file to the disk."""
        with _file_errors(self._target):
            self._file.flush()
            os.fsync(self._file.fileno())

    def __enter__(self) -> FileSink:
        with _file_errors(self._target):
            self._file = self._context.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with _file_errors(self._target):
            self._context.__exit__(kind, error, trace)


@contextmanager
def _file_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileError(f"download: cannot write {str(target)!r}: {reason}") from error
