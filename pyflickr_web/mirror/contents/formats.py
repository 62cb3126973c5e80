"""Check that a picture or video is complete, by its format: JPEG, PNG, GIF, WebP, MP4 and QuickTime."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pyflickr_web.mirror.contents.file_content import Buffer, open_content

_HTML = (b"<!doctype", b"<html", b"<?xml", b"<rsp", b'{"stat"', b"{\n")
_LONGEST_PREFIX = 4096
# Markers of JPEG without a length (ITU T.81, table B.1), and the ones that the check looks for.
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_STANDALONE = frozenset([0x01, _SOI, *range(0xD0, 0xD8)])
_PNG = b"\x89PNG\r\n\x1a\n"
# Boxes at the top level of MP4 and QuickTime (ISO/IEC 14496-12) that may be first.
_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_BOX_TO_END, _BOX_WITH_LARGE_SIZE = 0, 1


class Format(NamedTuple):
    """A format: its usual extension, a test of a file's start, and a test for its end."""

    extension: str
    is_format: Callable[[bytes], bool]
    is_complete: Callable[[Buffer], bool]


def find_damage(file: Path, extension: str) -> str | None:
    """Return the fault of a picture or video file; None if it is complete, as far as its format shows.

    `extension` is the expected format. Other formats are accepted too, since Flickr may be wrong about
    them, but a page of text is not a picture. Raises `OSError`.
    """
    with file.open("rb") as opened:
        return find_damage_in(opened, extension)


def find_damage_in(opened: BinaryIO, extension: str) -> str | None:
    """Return the fault of an open file, as `find_damage` does. Raises `OSError`."""
    opened.seek(0)
    head = opened.read(_LONGEST_PREFIX)
    if not head:
        return "the file is empty"
    found = find_format(head)
    if found is None:
        if is_text_page(head):
            return "a page of text, not a picture"
        return f"not a {extension.upper()} file" if extension in _EXTENSIONS else None
    with open_content(opened) as content:
        complete = found.is_complete(content)
    return None if complete else f"the {found.extension.upper()} file is cut short"


def is_text_page(head: bytes) -> bool:
    """Return True if a file begins as a page of HTML or XML, or an answer in JSON."""
    return head.lstrip()[:16].lower().startswith(_HTML)


def find_format(head: bytes) -> Format | None:
    """Return the format of a file by its first bytes; None for unknown formats."""
    return next((found for found in FORMATS if found.is_format(head)), None)


def _is_complete_jpeg(content: Buffer) -> bool:
    """Return True if the end of the image follows its data; it may be followed by other data.

    The data of thumbnails is inside of segments, which are skipped.
    """
    position = 2
    while position + 4 <= len(content):
        if content[position] != 0xFF:
            return False
        marker = content[position + 1]
        if marker == 0xFF:
            # Any number of fill bytes may precede a marker.
            position += 1
        elif marker in _STANDALONE:
            position += 2
        elif marker == _SOS:
            return bool(content.find(bytes([0xFF, _EOI]), position) >= 0)
        elif marker == _EOI:
            return False
        else:
            position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return False


def _is_complete_png(content: Buffer) -> bool:
    position = len(_PNG)
    while position + 12 <= len(content):
        kind = content[position + 4 : position + 8]
        position += 12 + int.from_bytes(content[position : position + 4], "big")
        if kind == b"IEND":
            return position <= len(content)
    return False


def _is_complete_gif(content: Buffer) -> bool:
    end = len(content)
    # Some programs add zeros.
    while end > 0 and content[end - 1] == 0:
        end -= 1
    return end > 13 and content[end - 1] == 0x3B


def _is_complete_webp(content: Buffer) -> bool:
    return len(content) >= 12 and len(content) >= 8 + int.from_bytes(content[4:8], "little")


def _is_complete_mp4(content: Buffer) -> bool:
    """Return True if all boxes are in the file, with its index (`moov`) and data (`mdat`)."""
    position = 0
    boxes: set[bytes] = set()
    while position + 8 <= len(content):
        size = int.from_bytes(content[position : position + 4], "big")
        kind = content[position + 4 : position + 8]
        if size == _BOX_WITH_LARGE_SIZE:
            size = int.from_bytes(content[position + 8 : position + 16], "big")
        elif size == _BOX_TO_END:
            size = len(content) - position
        if size < 8:
            break
        position += size
        boxes.add(kind)
    return position <= len(content) and boxes.issuperset([b"moov", b"mdat"])


FORMATS = (
    Format("jpg", lambda head: head.startswith(b"\xff\xd8\xff"), _is_complete_jpeg),
    Format("png", lambda head: head.startswith(_PNG), _is_complete_png),
    Format("gif", lambda head: head.startswith((b"GIF87a", b"GIF89a")), _is_complete_gif),
    Format(
        "webp",
        lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP",
        _is_complete_webp,
    ),
    Format("mp4", lambda head: head[4:8] in _FIRST_BOXES, _is_complete_mp4),
)
# Extensions whose files must have a known format.
_EXTENSIONS = frozenset(["jpg", "jpeg", "png", "gif", "webp", "mp4", "mov", "m4v"])
