"""Estimate the calls, files, bytes and hours of a first run, before it begins."""

from __future__ import annotations

from dataclasses import dataclass

from pyflickr_web.mirror.listing import PER_PAGE
from pyflickr_web.mirror.pacing.call_pace import CALLS_AN_HOUR
from pyflickr_web.mirror.pacing.file_pace import FILES_A_SECOND
from pyflickr_web.mirror.plan import Scope

# Calls besides those for photos, albums and pools: sign-in, the lists of albums, groups, collections.
FIXED_CALLS = 20
# Typical bytes of a file by size; originals of phones and cameras differ much.
TYPICAL_BYTES = {
    "o": 4_000_000,
    "b": 300_000,
    "c": 180_000,
    "z": 120_000,
    "m": 25_000,
    "t": 7_000,
    "q": 12_000,
    "s": 6_000,
}
TYPICAL_VIDEO_BYTES = 40_000_000


@dataclass(frozen=True, slots=True)
class Account:
    """The numbers of an account: photos with videos, albums with more pages, groups with photos."""

    photos: int
    videos: int = 0
    commented: int = 0
    albums: int = 0
    groups: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The calls, files and bytes of a first run, and its hours at the paces that it keeps."""

    calls: int
    files: int
    bytes: int
    call_hours: float
    file_hours: float
    original_hours: float

    @property
    def hours(self) -> float:
        """The hours of the run: calls and files go on at the same time."""
        return max(self.call_hours, self.file_hours)


def estimate(
    account: Account,
    scope: Scope,
    calls_an_hour: int | None = CALLS_AN_HOUR,
    files_a_second: float | None = FILES_A_SECOND,
) -> Estimate:
    """Estimate a first run; None for a pace means that it is not limited."""
    videos = account.videos if scope.videos else 0
    photos = account.photos - account.videos + videos
    info = photos if scope.metadata == "info" else 0
    comments = account.commented if scope.comments else 0
    exif = photos if scope.exif else 0
    pages = -(-account.photos // PER_PAGE) + account.albums + account.groups
    calls = info + videos + comments + exif + pages + FIXED_CALLS
    sizes = scope.sizes
    count = sum(TYPICAL_BYTES[size] for size in sizes) * photos
    if "o" in sizes:
        count += (TYPICAL_VIDEO_BYTES - TYPICAL_BYTES["o"]) * videos
    files = photos * len(sizes)
    originals = photos if "o" in sizes else 0
    an_hour = files_a_second * 3600 if files_a_second else float("inf")
    return Estimate(
        calls,
        files,
        count,
        call_hours=calls / calls_an_hour if calls_an_hour else 0.0,
        file_hours=files / an_hour,
        original_hours=originals / an_hour,
    )
