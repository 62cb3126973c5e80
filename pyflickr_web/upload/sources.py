"""The sources of uploads: files by path, open files, bytes, and iterators of bytes."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.transports.errors import FileError
from pyflickr_web.transports.text import printable

# The bytes of a file in memory at a time.
PIECE = 256 * 1024
_NAME = "photo"
# Characters of a reason that is not the operating system's.
LONGEST_REASON = 200
OPEN_AS_TEXT = "is open as text; open it as 'rb'"


class FileStamp(NamedTuple):
    """The size of a file in bytes, and the time of its last change in nanoseconds if it has a path."""

    size: int
    mtime: int | None


class Source:
    """A file to upload: its `name` for Flickr, its `path` in a journal, its `size` in bytes.

    `label` is its path as given, or its name. `can_reopen` is False for a source that can be read only
    once. `stamp` is None for a source that is not a path. Reading raises `FileError` if the content does
    not have the announced size.
    """

    can_reopen = True
    stamp: FileStamp | None = None

    def __init__(self, name: str, path: str, size: int) -> None:
        self.name = name
        self.path = path
        self.size = size
        self.label = path or name

    def pieces(self) -> Iterator[bytes]:
        """Yield the content, from its start; may block."""
        count = 0
        for piece in self._read_or_raise():
            count += len(piece)
            if count > self.size:
                break
            yield piece
        if count != self.size:
            raise self.error(self._explain_size(count))

    def hash(self) -> str:
        """Return the SHA-256 of the content as a hexadecimal number; may block."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def error(self, reason: str, cause: Exception | None = None) -> FileError:
        """Return the error of this file."""
        return file_error(self.label, reason, cause)

    def close(self) -> None:
        """Release what this object opened itself."""

    def _read_or_raise(self) -> Iterator[bytes]:
        """Yield the content. Raises `FileError` for any error: the caller's objects may raise any."""
        try:
            yield from self._read()
        except FileError:
            raise
        except Exception as error:
            raise self.error(f"cannot be read: {_describe(error)}", error) from error

    def _read(self) -> Iterator[bytes]:
        raise NotImplementedError

    def _explain_size(self, count: int) -> str:
        return "changed while it was read; upload it again"


class PathSource(Source):
    """A regular file."""

    def __init__(self, path: Path, name: str) -> None:
        status = path.stat()
        super().__init__(name, os.path.abspath(path), status.st_size)  # noqa: PTH100
        self.label = str(path)
        self.stamp = FileStamp(status.st_size, status.st_mtime_ns)
        self._file = path
        if not stat.S_ISREG(status.st_mode):
            is_folder = stat.S_ISDIR(status.st_mode)
            raise self.error("is a folder; name the files in it" if is_folder else "is not a file")
        with self._file.open("rb"):
            """Opening it shows if it is readable."""

    def _read(self) -> Iterator[bytes]:
        with self._file.open("rb", buffering=0) as file:
            while piece := file.read(PIECE):
                yield piece
            status = os.fstat(file.fileno())
        if FileStamp(status.st_size, status.st_mtime_ns) != self.stamp:
            raise self.error("changed while it was read; upload it again")


class OpenFileSource(Source):
    """An open file that can seek, from its current position to its end."""

    def __init__(self, file: IO[bytes], name: str, path: str, is_own: bool = False) -> None:
        self._start = file.tell()
        super().__init__(name, path, file.seek(0, io.SEEK_END) - self._start)
        self._file = file
        self._is_own = is_own

    def _read(self) -> Iterator[bytes]:
        self._file.seek(self._start)
        while piece := self._file.read(PIECE):
            if isinstance(piece, str):
                raise self.error(OPEN_AS_TEXT)
            yield piece

    def close(self) -> None:
        if self._is_own:
            self._file.close()


class IteratorSource(Source):
    """An iterable of bytes with its length, which can be read only once."""

    can_reopen = False

    def __init__(self, pieces: Iterable[bytes], name: str, path: str, size: int) -> None:
        super().__init__(name, path, size)
        self._pieces = pieces

    def spool(self) -> OpenFileSource:
        """Copy the content to a temporary file, and return that; may block."""
        # The source closes it.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            for piece in self.pieces():
                file.write(piece)
            file.seek(0)
        except OSError as error:
            file.close()
            raise self.error(f"cannot be copied: {error.strerror}", error) from error
        except BaseException:
            file.close()
            raise
        return OpenFileSource(file, self.name, self.path, is_own=True)

    def _read(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if not isinstance(piece, (bytes, bytearray, memoryview)):
                raise self.error(f"yields {type(piece).__name__}; yield bytes")
            for start in range(0, len(piece), PIECE):
                yield bytes(piece[start : start + PIECE])

    def _explain_size(self, count: int) -> str:
        side = "more than" if count > self.size else f"{count} of"
        return f"has {side} the {self.size} bytes of its length; give the right length"


def open_source(photo: Any, filename: str | None, length: int | None) -> Source:
    """Return the source of a photo; may block. Raises `FileError` if it cannot be read."""
    if isinstance(photo, (str, os.PathLike)):
        return _open_path(photo, filename)
    if isinstance(photo, (bytes, bytearray, memoryview)):
        content = io.BytesIO(photo)
        return OpenFileSource(content, filename or _NAME, filename or "", is_own=True)
    given = getattr(photo, "name", None)
    path = given if isinstance(given, str) else ""
    name = filename or encodable(Path(path).name) or _NAME
    if hasattr(photo, "read"):
        return _open_file(photo, name, path or filename or "", length)
    if isinstance(photo, Iterable):
        return IteratorSource(photo, name, filename or "", _require_length(name, length))
    raise file_error(name, f"is a {type(photo).__name__}; give a path, bytes or an open file")


def _open_path(photo: str | os.PathLike[str], filename: str | None) -> Source:
    try:
        path = Path(photo)
        return PathSource(path, filename or encodable(path.name) or _NAME)
    except OSError as error:
        raise file_error(str(photo), f"cannot be read: {error.strerror}", error) from error
    except (TypeError, ValueError):
        raise file_error(str(photo), "is not a path") from None


def _open_file(file: Any, name: str, path: str, length: int | None) -> Source:
    if isinstance(file, io.TextIOBase):
        raise file_error(name, OPEN_AS_TEXT)
    if getattr(file, "closed", None) is True:
        raise file_error(name, "is closed; give an open file")
    try:
        if file.seekable():
            return OpenFileSource(file, name, os.path.abspath(path) if path else "")  # noqa: PTH100
    except (AttributeError, OSError, ValueError):
        """A stream, such as a pipe or the body of a response."""
    pieces = iter(lambda: file.read(PIECE), b"")
    return IteratorSource(pieces, name, path, _require_length(name, length))


def _require_length(name: str, length: Any) -> int:
    if isinstance(length, bool) or not isinstance(length, int) or length < 0:
        raise file_error(name, "has no known size; give its length in bytes")
    return length


def encodable(name: str) -> str:
    """Return a file name as Unicode; bytes that are not UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _describe(error: Exception) -> str:
    """Return the reason of an error, in one line."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return printable(text, LONGEST_REASON)


def file_error(name: str, reason: str, cause: Exception | None = None) -> FileError:
    """Return the error of a file that cannot be uploaded."""
    error = FileError(f"{UPLOAD}: {encodable(name)!r} {reason}", method=UPLOAD)
    error.__cause__ = cause
    return error
