"""Inspect uploaded files: their kind, dimensions, duration and time taken.

A video's dimensions and duration come from the boxes of its file (ISO/IEC 14496-12).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image

from flickr_sandbox.answers.account import LARGEST_PHOTO, LARGEST_VIDEO

HEAD = 32
"""The number of bytes at the start of a file that identify its kind."""

_MOST_BOXES = 10_000
# The EXIF orientations that swap width and height.
_SIDEWAYS = (5, 6, 7, 8)
_BROKEN = (OSError, ValueError, SyntaxError, KeyError, TypeError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that Flickr accepts; `largest` is in bytes."""

    extension: str
    media: str
    largest: int
    magic: re.Pattern[bytes]


def _photo(extension: str, magic: bytes) -> FileKind:
    return FileKind(extension, "photo", LARGEST_PHOTO, re.compile(magic, re.S))


def _video(extension: str, magic: bytes) -> FileKind:
    return FileKind(extension, "video", LARGEST_VIDEO, re.compile(magic, re.S))


KINDS = (
    _photo("jpg", rb"\xff\xd8\xff"),
    _photo("png", rb"\x89PNG\r\n\x1a\n"),
    _photo("gif", rb"GIF8[79]a"),
    _photo("tif", rb"II\*\0|MM\0\*"),
    _photo("webp", rb"RIFF....WEBP"),
    _video("mov", rb"....ftypqt  |....(moov|mdat|wide)"),
    _video("mp4", rb"....ftyp(isom|iso\d|mp4\d|avc1|M4V |dash|MSNV|3gp\d)"),
)


def kind_of(head: bytes) -> FileKind | None:
    """Return the kind of a file by its first bytes, or None if Flickr does not accept it."""
    return next((kind for kind in KINDS if kind.magic.match(head)), None)


@dataclass(frozen=True, slots=True)
class Movie:
    """A video: width and height in pixels, duration in seconds."""

    width: int
    height: int
    duration: int


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


def read_movie(path: Path) -> Movie | None:
    """Read a file's movie header; return None without a video track."""
    with path.open("rb") as file:
        moov = _Box(b"", 0, path.stat().st_size)
        found = {box.kind: box for box in _iter_boxes(file, moov)}.get(b"moov")
        if found is None:
            return None
        seconds, sides = 0, (0, 0)
        for box in _iter_boxes(file, found):
            if box.kind == b"mvhd":
                seconds = _duration(_content(file, box))
            elif box.kind == b"trak":
                headers = (b for b in _iter_boxes(file, box) if b.kind == b"tkhd")
                sides = max([sides, *(_sides(_content(file, b)) for b in headers)])
    return Movie(*sides, seconds) if all(sides) else None


def _iter_boxes(file: BinaryIO, outer: _Box) -> Iterator[_Box]:
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
    # The last two fields, fixed-point numbers with 16 bits before the point and 16 after it.
    return int.from_bytes(tkhd[-8:-6]), int.from_bytes(tkhd[-4:-2])


@dataclass(frozen=True, slots=True)
class Media:
    """The properties of a photo or video.

    Width and height are in pixels after rotation, `taken` is `YYYY-MM-DD HH:MM:SS`, `duration` is in
    seconds.
    """

    width: int
    height: int
    taken: str | None = None
    duration: int | None = None


def read_media(path: Path, kind: FileKind) -> Media | None:
    """Read a file's properties; return None if it is broken."""
    if kind.media == "video":
        found = read_movie(path)
        return Media(found.width, found.height, None, found.duration) if found else None
    with warnings.catch_warnings():
        # Pillow warns of large pictures and of truncated files.
        warnings.simplefilter("ignore")
        try:
            with Image.open(path) as image:
                return _picture(image)
        except _BROKEN:
            return None


def _picture(image: Image.Image) -> Media:
    exif = image.getexif()
    width, height = image.size
    if exif.get(ExifTags.Base.Orientation) in _SIDEWAYS:
        width, height = height, width
    details = exif.get_ifd(ExifTags.IFD.Exif)
    return Media(width, height, _time(details.get(ExifTags.Base.DateTimeOriginal)))


def _time(given: object) -> str | None:
    text = re.sub(r"^(\d{4}):(\d\d):(\d\d)", r"\1-\2-\3", str(given).strip("\0 "))
    try:
        return f"{datetime.strptime(text, '%Y-%m-%d %H:%M:%S'):%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return None
