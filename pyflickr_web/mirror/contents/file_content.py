"""The content of an open file as a sequence of bytes, without reading all of it."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, overload

_BLOCK = 1024 * 1024


class FileContent:
    """The bytes of an open file, each part read when it is used. Methods raise `OSError`."""

    def __init__(self, opened: BinaryIO) -> None:
        self._opened = opened
        self._length = opened.seek(0, os.SEEK_END)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, key: int) -> int: ...
    @overload
    def __getitem__(self, key: slice) -> bytes: ...
    def __getitem__(self, key: int | slice) -> int | bytes:
        start, stop, _ = (key if isinstance(key, slice) else slice(key, key + 1)).indices(len(self))
        self._opened.seek(start)
        piece = self._opened.read(max(0, stop - start))
        return piece if isinstance(key, slice) else piece[0]

    def find(self, wanted: bytes, start: int) -> int:
        """Return the first position of some bytes from `start` on; -1 without them."""
        while start < len(self):
            # Blocks overlap, because the bytes may lie across the end of one.
            found = self[start : start + _BLOCK + len(wanted) - 1].find(wanted)
            if found >= 0:
                return start + found
            start += _BLOCK
        return -1


Buffer = bytes | mmap.mmap | FileContent


@contextmanager
def open_content(opened: BinaryIO) -> Iterator[Buffer]:
    """Return the content of an open file. Raises `OSError`."""
    try:
        content = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        # Some file systems in user space map no files into memory, and systems of 32 bits no large ones.
        yield FileContent(opened)
        return
    with content:
        yield content
