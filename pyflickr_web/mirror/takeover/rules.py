"""Judge the files that another program wrote to a mirror, and repair what needs no request.

The judgement is pure: it reads no file. A file without a fault gets its checksum; a file with a fault is
fetched or written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.contents.document_checks import DamagedDocument, check_document
from pyflickr_web.mirror.layout import ICON_SIZES, MirrorFile, parse_name
from pyflickr_web.mirror.metadata.photo_info import count_comments, find_differences
from pyflickr_web.mirror.plan import ORIGINAL, is_replaced

if TYPE_CHECKING:
    from pyflickr_web.mirror.contents.dimensions import Dimensions

Item = Mapping[str, Any]

DOUBLED_SIZES = "sizes are listed twice"
ICON_PATH = "the path of an icon is not relative to the mirror"
STILL = "a still instead of the video"
# Pixels by which Flickr's listings differ from its files: it rounds in several ways.
_ROUNDING = 2
# The name of an icon at the end of a path or an address.
_ICON = re.compile(r"images/icon/(?:large|small)/[^/\\]+\Z")


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A JSON file: its object, None if it is damaged; its fault; and if `value` is repaired."""

    value: dict[str, Any] | None = None
    fault: str | None = None

    @property
    def is_repaired(self) -> bool:
        """True if the fault is repaired in `value`, which is to be written."""
        return bool(self.fault and self.value is not None)


def repair_document(file: MirrorFile, content: bytes) -> CheckedDocument:
    """Judge the content of a JSON file, and repair it as far as possible without Flickr."""
    try:
        value = check_document(file, content)
    except DamagedDocument as error:
        return CheckedDocument(fault=error.fault)
    if file.kind == "photo":
        return _check_sizes(value)
    if file.kind == "collection":
        return _check_icons(value)
    return CheckedDocument(value)


def _check_sizes(info: dict[str, Any]) -> CheckedDocument:
    """Remove the repetitions in a photo's list of sizes, as node-flickrapi makes them."""
    sizes = info.get("sizes", [])
    if not isinstance(sizes, list):
        return CheckedDocument({**info, "sizes": []}, DOUBLED_SIZES)
    single = _unique(size for size in sizes if isinstance(size, str))
    if single == sizes:
        return CheckedDocument(info)
    return CheckedDocument({**info, "sizes": single}, DOUBLED_SIZES)


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _check_icons(collection: dict[str, Any]) -> CheckedDocument:
    """Make the paths of a collection's icons relative to the mirror: a slash, and the file's name.

    node-flickrapi writes absolute paths for some folders. An address stays: Flickr's tree replaces it.
    """
    paths = {f"icon{size}": collection.get(f"icon{size}") for size in ICON_SIZES}
    repaired: dict[str, str] = {}
    is_wrong = False
    for key, path in paths.items():
        if not path or _is_icon_path(path):
            continue
        is_wrong = True
        if isinstance(path, str) and (found := _ICON.search(path)):
            repaired[key] = f"/{found[0]}"
    return CheckedDocument({**collection, **repaired}, ICON_PATH if is_wrong else None)


def _is_icon_path(path: object) -> bool:
    if not isinstance(path, str) or not path.startswith("/"):
        return False
    file = parse_name(path[1:])
    return file is not None and file.kind == "icon"


@dataclass(frozen=True, slots=True)
class ExpectedPictures:
    """The `dimensions` of a photo's pictures by size, as a listing tells, and if it is a video."""

    dimensions: Mapping[str, Dimensions]
    is_video: bool = False


NOTHING_EXPECTED = ExpectedPictures({})


def expect_pictures(
    item: Item, dimensions: Mapping[str, Any], info: Item | None
) -> ExpectedPictures:
    """Return the properties of the pictures on the disk, from an item of a listing.

    `info` is the photo's metadata on the disk. The dimensions of pictures that Flickr has replaced since
    say nothing about those on the disk.
    """
    differences = set() if info is None else find_differences(item, info)
    comparable = {
        size: (width, height)
        for size, (width, height) in dimensions.items()
        if not is_replaced(size, differences)
    }
    return ExpectedPictures(comparable, item.get("media") == "video")


def find_other_picture(
    size: str, found: Dimensions | None, expected: ExpectedPictures
) -> str | None:
    """Return the fault of a complete picture that is not the photo's; None if it may be.

    `found` are its dimensions; None if the file is a video, or its format is unknown. A camera's
    original may be turned by its EXIF data, which listings respect.
    """
    if size == ORIGINAL and expected.is_video:
        return STILL if found else None
    listed = expected.dimensions.get(size)
    if found is None or listed is None or _is_near(found, listed):
        return None
    if size == ORIGINAL and _is_near(found, (listed[1], listed[0])):
        return None
    return f"{found[0]} x {found[1]} pixels instead of {listed[0]} x {listed[1]}"


def _is_near(found: Dimensions, listed: Dimensions) -> bool:
    return all(abs(one - other) <= _ROUNDING for one, other in zip(found, listed, strict=True))


def has_missing_comments(comments: Item, item: Item) -> bool:
    """Return True if a file does not have as many comments as a listing tells.

    node-flickrapi never reads comments again.
    """
    rows = comments.get("comment", [])
    count = len(rows) if isinstance(rows, list) else 0
    return "count_comments" in item and count != count_comments(item)
