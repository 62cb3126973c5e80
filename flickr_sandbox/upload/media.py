"""What a file itself tells of a photo: its size, and when it was taken."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PIL import ExifTags, Image

from flickr_sandbox.upload.boxes import movie
from flickr_sandbox.upload.kinds import Kind

# Orientations of Exif that lie on their side.
_SIDEWAYS = (5, 6, 7, 8)
_BROKEN = (OSError, ValueError, SyntaxError, KeyError, TypeError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Media:
    """Width and height in pixels as they are to be seen, the time it was taken where the file says
    so (YYYY-MM-DD HH:MM:SS), the duration of a video in seconds."""

    width: int
    height: int
    taken: str | None = None
    duration: int | None = None


def look(path: Path, kind: Kind) -> Media | None:
    """What a file of a kind tells; None where it is broken."""
    if kind.media == "video":
        found = movie(path)
        return Media(found.width, found.height, None, found.duration) if found else None
    with warnings.catch_warnings():
        # Of pictures that are large, and of files whose end is broken.
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
