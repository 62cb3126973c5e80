"""A sink that writes a photo's file atomically."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from pyflickr_web.transports.errors import FileError
from pyflickr_web.transports.files import atomic_write, describe_os_error
from pyflickr_web.transports.message import FileSink, FileTooLarge


class AtomicFileSink(FileSink):
    """A sink that writes the body of an answer with status 200 and, at its end, replaces `target` by it.

    The file has at most `longest` bytes.
    """

    def __init__(self, target: Path, longest: int) -> None:
        self._target = target
        self._longest = longest
        self._count = 0
        self._context = atomic_write(target)

    def accepts(self, status: int, headers: Mapping[str, str]) -> bool:
        """Return True for status 200. Raises `FileTooLarge`."""
        if status != 200:
            return False
        length = headers.get("Content-Length", "")
        if length.isdecimal():
            self._check_length(int(length))
        return True

    def write(self, piece: bytes) -> None:
        self._count += len(piece)
        self._check_length(self._count)
        with _file_errors(self._target):
            self._file.write(piece)

    def _check_length(self, length: int) -> None:
        if length > self._longest:
            raise FileTooLarge(self._longest)

    def __enter__(self) -> AtomicFileSink:
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
        reason = describe_os_error(error)
        raise FileError(f"download: cannot write {str(target)!r}: {reason}") from error
