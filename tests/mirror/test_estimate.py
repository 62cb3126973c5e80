"""Test the estimate of a first run against the numbers that Flickr's limits give."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pyflickr_web.mirror.layout import SIZE_FOLDERS
from pyflickr_web.mirror.metadata.photo_info import shape_info
from pyflickr_web.mirror.pacing.estimate import (
    CountedWork,
    Estimate,
    count_listing_calls,
    estimate,
)
from pyflickr_web.mirror.plan import PhotoOnDisk, Scope, plan_photo


def new_photos(count: int) -> CountedWork:
    """Return the work for photos without comments that are new, in all sizes."""
    return CountedWork(count, Counter(dict.fromkeys(SIZE_FOLDERS, count)))


def plan_new(scope: Scope, videos: int = 0, commented: int = 0, **item: Any) -> Estimate:
    """Estimate a run for 1000 new photos, of which some are videos, and some have comments."""
    work = CountedWork()
    for number in range(1000):
        counts = {"count_comments": int(number < commented), **item}
        photo = {"id": str(number + 1), "media": "video" if number < videos else "photo", **counts}
        if scope.videos or number >= videos:
            work.add(photo, plan_photo(photo, PhotoOnDisk(), scope), scope)
    return estimate(work, count_listing_calls(1000, 50))


def test_large_account_takes_days_of_files_and_hours_of_calls() -> None:
    found = estimate(new_photos(50_000), 20)
    assert round(found.call_hours) == 14
    assert round(found.file_hours) == 56
    assert round(found.original_hours) == 7
    assert found.hours == found.file_hours
    assert found.files == 400_000


def test_calls_are_few() -> None:
    calls = plan_new(Scope()).calls
    assert calls == 1000 + 2 + 50 + 20
    assert plan_new(Scope(metadata="listing", comments=False), commented=50).calls == 72
    assert plan_new(Scope(), 100, 500).calls == calls + 600
    assert plan_new(Scope(comments=False), 100, 500).calls == calls + 100
    assert plan_new(Scope(exif=True), 100, 500).calls == calls + 1600
    assert plan_new(Scope(videos=False), 100, 500).calls == calls + 400 - 100


def test_sizes_decide_files_and_bytes() -> None:
    small = plan_new(Scope(sizes=("s", "t")), videos=100)
    assert (small.files, small.original_hours) == (2000, 0)
    assert small.bytes < 1000 * 20_000
    everything = plan_new(Scope(), videos=100)
    assert everything.bytes > 1000 * 4_000_000
    assert everything.bytes > plan_new(Scope()).bytes
    # The listing tells that the photos are small.
    listed = plan_new(Scope(), url_t="https://example.com/t.jpg", originalsecret="o")
    assert listed.files == 2000


def test_only_missing_parts_are_counted() -> None:
    photo = {"id": "1", "media": "video", "count_comments": 0}
    local = PhotoOnDisk(shape_info(photo), frozenset("obcz"), has_comments=True)
    work = CountedWork()
    work.add(photo, plan_photo(photo, local, Scope()), Scope())
    assert work == CountedWork(0, Counter("mtqs"))


def test_paces_may_be_off() -> None:
    found = estimate(new_photos(100), 21, calls_an_hour=None, files_a_second=None)
    assert found.hours == 0
    slow = estimate(new_photos(100), 21, calls_an_hour=1800, files_a_second=1)
    assert slow.call_hours == found.calls / 1800
