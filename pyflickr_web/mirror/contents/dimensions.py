"""Read the width and height of a picture from its header: JPEG, PNG, GIF and WebP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pyflickr_web.mirror.contents.file_content import Buffer, open_content
from pyflickr_web.mirror.contents.formats import find_format

# Width and height in pixels.
Dimensions = tuple[int, int]

# Markers of JPEG's frame headers (ITU T.81, table B.1): SOF0 to SOF15 without DHT, JPG and DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset([0x01, *range(0xD0, 0xD9)])
_END_OF_HEADERS = frozenset([0xD9, 0xDA])
_HEAD = 4096


def read_dimensions(file: Path) -> Dimensions | None:
    """Return the dimensions of a picture file; None for videos, and if its header has none.

    Raises `OSError`.
    """
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
        found = find_format(head)
        read = _READERS.get(found.extension) if found else None
        if read is None:
            return None
        with open_content(opened) as content:
            return read(content)


def _read_jpeg(content: Buffer) -> Dimensions | None:
    """Return the dimensions in the first frame header; thumbnails are inside of other segments."""
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker in _FRAMES:
            return _number(content, position + 7, 2), _number(content, position + 5, 2)
        if marker in _END_OF_HEADERS:
            return None
        if marker == 0xFF:
            # Any number of fill bytes may precede a marker.
            position += 1
        elif marker in _STANDALONE:
            position += 2
        else:
            position += 2 + _number(content, position + 2, 2)
    return None


def _read_png(content: Buffer) -> Dimensions | None:
    if content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return _number(content, 16, 4), _number(content, 20, 4)


def _read_gif(content: Buffer) -> Dimensions | None:
    if len(content) < 10:
        return None
    return _little(content, 6, 2), _little(content, 8, 2)


def _read_webp(content: Buffer) -> Dimensions | None:
    """Return the dimensions in the first chunk: lossy, lossless or extended (RFC 9649)."""
    kind = bytes(content[12:16])
    if len(content) < 30:
        return None
    if kind == b"VP8X":
        return _little(content, 24, 3) + 1, _little(content, 27, 3) + 1
    if kind == b"VP8L":
        bits = _little(content, 21, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return _little(content, 26, 2) & 0x3FFF, _little(content, 28, 2) & 0x3FFF
    return None


def _number(content: Buffer, position: int, length: int) -> int:
    return int.from_bytes(content[position : position + length], "big")


def _little(content: Buffer, position: int, length: int) -> int:
    return int.from_bytes(content[position : position + length], "little")


_READERS: dict[str, Callable[[Buffer], Dimensions | None]] = {
    "jpg": _read_jpeg,
    "png": _read_png,
    "gif": _read_gif,
    "webp": _read_webp,
}
