"""How large and how long a video is, from the boxes of its file (ISO/IEC 14496-12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_MOST_BOXES = 10_000


@dataclass(frozen=True, slots=True)
class Movie:
    """Width and height in pixels, duration in seconds."""

    width: int
    height: int
    duration: int


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


def movie(path: Path) -> Movie | None:
    """What a file's movie header says; None where it has no picture."""
    with path.open("rb") as file:
        moov = _Box(b"", 0, path.stat().st_size)
        found = {box.kind: box for box in _inside(file, moov)}.get(b"moov")
        if found is None:
            return None
        seconds, sides = 0, (0, 0)
        for box in _inside(file, found):
            if box.kind == b"mvhd":
                seconds = _duration(_content(file, box))
            elif box.kind == b"trak":
                headers = (b for b in _inside(file, box) if b.kind == b"tkhd")
                sides = max([sides, *(_sides(_content(file, b)) for b in headers)])
    return Movie(*sides, seconds) if all(sides) else None


def _inside(file: BinaryIO, outer: _Box) -> Iterator[_Box]:
    at = outer.start
    for _ in range(_MOST_BOXES):
        if at + 8 > outer.end:
            return
        file.seek(at)
        head = file.read(16)
        size, start = int.from_bytes(head[:4]), at + 8
        if size == 1:
            size, start = int.from_bytes(head[8:16]), at + 16
        end = outer.end if size == 0 else at + size
        if end < start or end > outer.end:
            return
        yield _Box(head[4:8], start, end)
        at = end


def _content(file: BinaryIO, box: _Box) -> bytes:
    file.seek(box.start)
    return file.read(min(box.end - box.start, 1024))


def _duration(mvhd: bytes) -> int:
    long = mvhd[:1] == b"\x01"
    at, width = (20, 8) if long else (12, 4)
    scale = int.from_bytes(mvhd[at : at + 4])
    return int.from_bytes(mvhd[at + 4 : at + 4 + width]) // scale if scale else 0


def _sides(tkhd: bytes) -> tuple[int, int]:
    # The two last fields, each 16 bits before the point and 16 behind it.
    return int.from_bytes(tkhd[-8:-6]), int.from_bytes(tkhd[-4:-2])
