"""One photo's file: its address, and the flow that brings it to the disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Request, Sleep
from pyflickr_web.errors import (
    ArgumentError,
    FlickrError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    UnavailableError,
)
from pyflickr_web.transports.message import FileRequest, NoAnswer

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow, Response

DOWNLOAD = "download"
_SUFFIX = re.compile(r"_[0-9a-f]+(?:_(\w+))?\.\w+$")
# What getSizes calls the sizes that no address tells apart.
_VIDEO = {"o": "Video Original", "": "Site MP4"}
LONGEST_WAIT = 300


def address(
    photo: Mapping[str, Any], size: str, told: str | None, sizes: Callable[..., Flow]
) -> Flow:
    """Returns the address of a photo's file: `told`, or what `flickr.photos.getSizes` answers.

    A video's is always asked for. Raises `NotFoundError` for a size that the photo does not have, or
    that the caller may not have.
    """
    if told and photo.get("media") != "video":
        return told
    if not photo.get("id"):
        raise ArgumentError(f"{DOWNLOAD}: this is no photo: it has no id", method=DOWNLOAD)
    answer = yield from sizes("flickr.photos.getSizes", {"photo_id": photo["id"]})
    for row in answer["sizes"]["size"]:
        found = _SUFFIX.search(row["source"])
        video = row.get("media") == "video" and row["label"] == _VIDEO.get(size)
        if video or (photo.get("media") != "video" and found and (found[1] or "") == size):
            return row["source"]
    raise NotFoundError(f"photo {photo['id']} has no size {size!r} that you may have")


def download(url: str, target: Path, retries: int) -> Flow:
    """Bring a file to the disk, whole or not at all; up to `retries` times more where it breaks off."""
    count = 0
    while True:
        response = yield FileRequest(Request(url), target)
        error = _error(response)
        if error is None:
            return None
        passing = not isinstance(error, NotFoundError)
        wait = _seconds(response)
        if not passing or count >= retries or wait > LONGEST_WAIT:
            raise error
        yield Sleep(wait or 2**count / 2, wait or 2**count)
        count += 1


def _error(response: Response) -> FlickrError | None:
    if isinstance(response, NoAnswer):
        return NetworkError(f"{DOWNLOAD}: no whole answer: {response.why}", method=DOWNLOAD)
    status = response.status
    if status == 200:
        return None
    if status == 429 or status >= 500:
        told = f"{DOWNLOAD}: HTTP {status} for the photo's file; try again later"
        kind = RateLimitError if status == 429 else UnavailableError
        return kind(told, method=DOWNLOAD, status=status)
    told = f"{DOWNLOAD}: HTTP {status}: the photo has no file of this size, or is gone"
    return NotFoundError(told, method=DOWNLOAD, status=status)


def _seconds(response: Response) -> int:
    asked = response.retry_after or ""
    return int(asked) if asked.isdecimal() else 0
