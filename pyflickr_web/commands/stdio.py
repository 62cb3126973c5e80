"""Standard streams of a command, whose output never fails because of an encoding."""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO, cast

from pyflickr_web.transports.text import printable_json

_AS_JSON = "pyflickr_web.json"


class OutputError(Exception):
    """Writing to standard output failed. Not an `OSError`, which commands report as a file's error."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"cannot write to standard output: {error.strerror}")
        self.reader_left = isinstance(error, BrokenPipeError)


class _Stream:
    """A text stream that replaces characters that its encoding lacks."""

    # click would write UTF-8 to the buffer of an ASCII stream.
    buffer = None

    def __init__(self, stream: TextIO, errors: str) -> None:
        self._stream = stream
        self._errors = errors

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        encodable = text if text.isascii() else _make_encodable(text, self._stream, self._errors)
        with self._failures():
            return self._stream.write(encodable)
        return 0

    def flush(self) -> None:
        with self._failures():
            self._stream.flush()

    def discard_unwritten(self) -> None:
        """Discard unwritten text: Python would retry it at exit, and fail with status 120."""
        try:
            self._stream.flush()
        except OSError:
            with suppress(OSError):
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, self._stream.fileno())
                os.close(null)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        raise NotImplementedError


class _Output(_Stream):
    """Standard output, whose failures end the command."""

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(error) from None


class _ErrorOutput(_Stream):
    """Standard error, whose failures are ignored: no stream is left to report them."""

    @contextmanager
    def _failures(self) -> Iterator[None]:
        with suppress(OSError):
            yield


@contextmanager
def standard_streams() -> Iterator[None]:
    """Run a command with streams that accept any text, even if the caller has closed them.

    If standard output fails, or on Ctrl-C, the command prints one line and exits with status 1. If the
    reader of a pipe has closed it, the command exits with that status silently.
    """
    before = sys.stdin, sys.stdout, sys.stderr
    # Python sets closed streams to None. Reading from the null device finds the end, and writing to one
    # that is open for reading fails.
    sys.stdin = before[0] or Path(os.devnull).open()  # noqa: SIM115
    output = before[1] or os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    sys.stdout = cast("TextIO", _Output(output, "replace"))
    sys.stderr = error_output()
    streams = sys.stdin, sys.stdout, sys.stderr
    try:
        with _report_in_one_line():
            yield
    finally:
        for stream in streams[1:]:
            cast("_Stream", stream).discard_unwritten()
        sys.stdin, sys.stdout, sys.stderr = before
        for stream, original in zip(streams, before, strict=True):
            if original is None:
                stream.close()


@contextmanager
def _report_in_one_line() -> Iterator[None]:
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OutputError as error:
        if not error.reader_left:
            print(f"Error: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        sys.exit(1)


def error_output() -> TextIO:
    """Return standard error as a stream that accepts any text and never fails."""
    if isinstance(cast("Any", sys.stderr), _ErrorOutput):
        return sys.stderr
    stream = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    return cast("TextIO", _ErrorOutput(stream, "backslashreplace"))


def print_json(value: Any, indent: int | None = None) -> None:
    """Print a value as JSON; escape control characters and those that standard output lacks."""
    text = printable_json(value, indent)
    print(_make_encodable(text, sys.stdout, _AS_JSON), flush=True)


def _make_encodable(text: str, stream: TextIO, errors: str) -> str:
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, errors).decode(encoding)


def _escape_as_json(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error(_AS_JSON, _escape_as_json)
