"""What kind of file begins with which bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flickr_sandbox.answers.people.account import LARGEST_PHOTO, LARGEST_VIDEO

HEAD = 32
"""How many bytes of a file tell its kind."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that Flickr takes; `largest` is in bytes."""

    extension: str
    media: str
    largest: int
    magic: re.Pattern[bytes]


def _photo(extension: str, magic: bytes) -> Kind:
    return Kind(extension, "photo", LARGEST_PHOTO, re.compile(magic, re.S))


def _video(extension: str, magic: bytes) -> Kind:
    return Kind(extension, "video", LARGEST_VIDEO, re.compile(magic, re.S))


KINDS = (
    _photo("jpg", rb"\xff\xd8\xff"),
    _photo("png", rb"\x89PNG\r\n\x1a\n"),
    _photo("gif", rb"GIF8[79]a"),
    _photo("tif", rb"II\*\0|MM\0\*"),
    _photo("webp", rb"RIFF....WEBP"),
    _video("mov", rb"....ftypqt  |....(moov|mdat|wide)"),
    _video("mp4", rb"....ftyp(isom|iso\d|mp4\d|avc1|M4V |dash|MSNV|3gp\d)"),
)


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file by its first bytes; None for one that Flickr does not take."""
    return next((kind for kind in KINDS if kind.magic.match(head)), None)
