"""Estimate the calls, files, bytes and hours of a first run, from the plans of its photos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyflickr_web.mirror.listing import PER_PAGE
from pyflickr_web.mirror.metadata.photo_files import lacks_size
from pyflickr_web.mirror.pacing.call_pace import CALLS_AN_HOUR
from pyflickr_web.mirror.pacing.file_pace import FILES_A_SECOND
from pyflickr_web.mirror.plan import ORIGINAL, PhotoPlan, Scope, needs_comments_call

# Calls besides those for photos and albums: sign-in, the lists of albums, groups, collections.
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


@dataclass(slots=True)
class CountedWork:
    """The calls and the files by size for the photos of a run; `videos` originals are videos."""

    calls: int = 0
    files: Counter[str] = field(default_factory=Counter)
    videos: int = 0

    def add(self, item: Mapping[str, Any], plan: PhotoPlan, scope: Scope) -> None:
        """Add the plan of a photo, by its item of a listing: it tells the sizes that the photo has."""
        has_video = plan.is_video and ORIGINAL in plan.sizes
        self.calls += plan.info and scope.metadata == "info"
        self.calls += needs_comments_call(plan, item) + plan.exif + has_video
        self.files.update(size for size in plan.sizes if not lacks_size(item, size))
        self.videos += has_video

    def __add__(self, other: CountedWork) -> CountedWork:
        """Return the work of both."""
        calls, videos = self.calls + other.calls, self.videos + other.videos
        return CountedWork(calls, self.files + other.files, videos)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The calls, files and bytes of a run, and its hours at the paces that it keeps."""

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


def count_listing_calls(photos: int, albums: int = 0) -> int:
    """Return the calls besides those for photos, of a run that lists `photos` and `albums`."""
    return -(-photos // PER_PAGE) + albums + FIXED_CALLS


def estimate(
    work: CountedWork,
    listing_calls: int,
    calls_an_hour: int | None = CALLS_AN_HOUR,
    files_a_second: float | None = FILES_A_SECOND,
) -> Estimate:
    """Estimate a run with `work` for photos, and calls for lists.

    None for a pace means that it is not limited.
    """
    calls = work.calls + listing_calls
    files, originals = work.files.total(), work.files[ORIGINAL]
    count = sum(TYPICAL_BYTES[size] * number for size, number in work.files.items())
    count += (TYPICAL_VIDEO_BYTES - TYPICAL_BYTES[ORIGINAL]) * work.videos
    an_hour = files_a_second * 3600 if files_a_second else float("inf")
    return Estimate(
        calls,
        files,
        count,
        call_hours=calls / calls_an_hour if calls_an_hour else 0.0,
        file_hours=files / an_hour,
        original_hours=originals / an_hour,
    )
