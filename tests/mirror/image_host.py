"""A host of pictures: it has ETags and ranges, and answers its first requests as a test says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.scripted_server import Answer, ReceivedRequest, Scripted, run_script

_RANGE = re.compile(r"bytes=(\d+)-")


@dataclass(frozen=True, slots=True)
class HostedFile:
    """A file: content and ETag; without `ranges` the host ignores requests for them."""

    content: bytes
    etag: str = '"v1"'
    ranges: bool = True

    def answer(self, asked: ReceivedRequest) -> Answer:
        """Return the file or its requested range (RFC 9110, section 14)."""
        headers = {"ETag": self.etag} if self.etag else {}
        found = _RANGE.fullmatch(asked.headers.get("Range", ""))
        if not found or not self.ranges or asked.headers.get("If-Range") != self.etag:
            return Answer(self.content, headers=headers)
        start, size = int(found[1]), len(self.content)
        if start >= size:
            return Answer(b"", 416, {"Content-Range": f"bytes */{size}"})
        headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        return Answer(self.content[start:], 206, headers)


class ImageHost(Scripted):
    """Answers with the scripted `faults` first, then with `files` by path, or 404.

    A fault that is None is an answer with the file; a fault `cut` cuts the file that it would have sent.
    """

    def __init__(self, **files: bytes) -> None:
        super().__init__()
        self.files = {f"/{name}": HostedFile(content) for name, content in files.items()}
        self.faults: list[Answer | None] = []

    def next(self, asked: ReceivedRequest) -> Answer:
        with self._lock:
            self.asked.append(asked)
            fault = self.faults.pop(0) if self.faults else None
        file = self.files.get(asked.path)
        answer = file.answer(asked) if file else Answer(b"missing", 404)
        if fault is CUT:
            return Answer(answer.body, answer.status, answer.headers, cut=True)
        return fault or answer

    @property
    def ranges(self) -> list[str | None]:
        """The requested ranges."""
        return [asked.headers.get("Range") for asked in self.asked]


CUT = Answer(cut=True)


@contextmanager
def host_files(**files: bytes) -> Iterator[ImageHost]:
    """Run a host with files at `/NAME`."""
    with run_script(ImageHost(**files)) as host:
        yield host
