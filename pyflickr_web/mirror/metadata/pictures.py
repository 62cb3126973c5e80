"""The files of a photo at Flickr that a mirror fetches: pictures, and the best file of a video."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyflickr_web.mirror.layout import Tree

# Formats of videos' originals; Flickr's own files of them are MP4.
VIDEO_FORMATS = frozenset(
    ["mp4", "mov", "m4v", "avi", "wmv", "mpg", "mpeg", "3gp", "flv", "mts", "m2ts", "ogg"]
)
# Extensions of Flickr's originals, photos and videos; other sizes are always JPEG.
EXTENSIONS = (
    *("jpg", "png", "gif", "mp4", "mov", "webp", "tif", "tiff", "bmp", "m4v", "avi", "wmv"),
    *("mpg", "mpeg", "3gp", "flv", "mts", "m2ts", "ogg", "heic"),
)
_VIDEO = "video"
# The labels of the original, an old one and today's: Flickr lists it to the owner alone.
_ORIGINALS = ("Video Original", "orig")
_MP4 = "mp4"
# Labels in getSizes, today's and old ones, with the lines of a frame; those of "720p" are in its name.
_LINES = {
    **dict.fromkeys(_ORIGINALS, 100_000),
    "HD MP4": 720,
    "appletv": 540,
    "Site MP4": 360,
    "700": 350,
    "Mobile MP4": 320,
    "iphone_wifi": 310,
    "300": 240,
    "100": 200,
}
_PROGRESSIVE = re.compile(r"([1-9][0-9]{2,3})p", re.ASCII)
# Flash players, which are not files of the video: the label of one, and what their addresses have.
_PLAYER_LABEL, _FLASH = "Video Player", ".swf"


@dataclass(frozen=True, slots=True)
class Picture:
    """A file to fetch: its `name` in the mirror, its `url`, and its `time` in Unix seconds.

    `page` is the photo's page at Flickr. `is_listed` is True if the address is from an answer of Flickr,
    which tells that the file exists. `fallback` is fetched if Flickr does not give this file.
    """

    name: str
    url: str
    time: int | None = None
    page: str = ""
    fallback: Picture | None = None
    is_listed: bool = False

    @property
    def is_video(self) -> bool:
        """True if the file must be a video."""
        return self.name.rpartition(".")[2] in VIDEO_FORMATS


def find_video(
    answer: Mapping[str, Any],
    photo_id: str,
    *,
    tree: Tree | None = None,
    original_format: str = "",
    time: int | None = None,
    page: str = "",
) -> Picture | None:
    """Return the best file of a video in an answer of `flickr.photos.getSizes`, with its fallbacks.

    Returns None if Flickr offers no file. `original_format` is from the photo's metadata. Raises
    `ValueError` for an invalid id.
    """
    best: Picture | None = None
    for label, url in sorted(_list_videos(answer), key=lambda video: _count_lines(video[0])):
        is_original = label in _ORIGINALS and original_format in VIDEO_FORMATS
        extension = original_format if is_original else _MP4
        name = (tree or Tree()).picture(photo_id, "o", extension)
        best = Picture(name, url, time, page, best)
    return best


def order_extensions(info: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the extensions that an original may have; first the one that its metadata names."""
    expected = info.get("originalformat")
    if info.get("media") == _VIDEO or expected not in EXTENSIONS:
        return EXTENSIONS
    return (expected, *(extension for extension in EXTENSIONS if extension != expected))


def _list_videos(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the labels and addresses of a video's files."""
    sizes = answer.get("sizes")
    rows = sizes.get("size") if isinstance(sizes, Mapping) else None
    return [
        (str(row.get("label")), row["source"])
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping)
        and row.get("media") == _VIDEO
        and isinstance(row.get("source"), str)
        and row.get("label") != _PLAYER_LABEL
        and _FLASH not in row["source"]
    ]


def _count_lines(label: str) -> int:
    found = _PROGRESSIVE.fullmatch(label)
    return int(found[1]) if found else _LINES.get(label, 0)
