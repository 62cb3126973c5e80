"""Events of an upload, for progress displays: the function `on_event` receives them.

Several threads may upload, but only one at a time calls the function. `index` is the position of the
file in `photos`, from 0; sizes are in bytes. If the function raises an error, the upload ends with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pyflickr_web.upload.results import FileResult


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """The limits of the account (`flickr.people.getUploadStatus`), before a batch.

    Each is None if it has no limit, or if Flickr does not say it: the largest photo and video, and the
    bytes, the videos, and the photos and videos that may still be uploaded.
    """

    photo_bytes: int | None
    video_bytes: int | None
    remaining_bytes: int | None
    remaining_videos: int | None
    remaining_uploads: int | None = None


@dataclass(frozen=True, slots=True)
class AccountListing:
    """The machine tags of `listed` of the account's `total` photos are known."""

    listed: int
    total: int


@dataclass(frozen=True, slots=True)
class FileHashing:
    """The hash of a file is being computed."""

    index: int
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class FileStarted:
    """A file is being sent."""

    index: int
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class FileProgress:
    """`sent` bytes of a file have been sent; it starts again from 0 when the file is sent again."""

    index: int
    sent: int
    size: int


@dataclass(frozen=True, slots=True)
class FileDelayed:
    """The upload of a file pauses for `seconds`.

    Then it is sent again (`send`), looked for on Flickr (`look`), or its ticket is checked (`ticket`).
    """

    index: int
    seconds: float
    then: Literal["send", "look", "ticket"]
    reason: str


@dataclass(frozen=True, slots=True)
class FileFinished:
    """A file has a result. With tickets and `wait`, a second event replaces the first one."""

    index: int
    result: FileResult


UploadEvent = (
    AccountLimits
    | AccountListing
    | FileHashing
    | FileStarted
    | FileProgress
    | FileDelayed
    | FileFinished
)
OnEvent = Callable[[UploadEvent], object]
