"""Test the estimate of a first run against the numbers that Flickr's limits give."""

from __future__ import annotations

from pyflickr_web.mirror.pacing.estimate import Account, estimate
from pyflickr_web.mirror.plan import Scope


def test_large_account_takes_days_of_files_and_hours_of_calls() -> None:
    found = estimate(Account(photos=50_000), Scope())
    assert round(found.call_hours) == 14
    assert round(found.file_hours) == 56
    assert round(found.original_hours) == 7
    assert found.hours == found.file_hours
    assert found.files == 400_000


def test_calls_are_few() -> None:
    account = Account(photos=10_000, albums=50, groups=20)
    calls = estimate(account, Scope()).calls
    assert calls == 10_000 + 20 + 50 + 20 + 20
    assert calls / account.photos < 1.02
    assert estimate(account, Scope(metadata="listing")).calls == 110
    commented = Account(photos=10_000, videos=100, commented=500, albums=50, groups=20)
    assert estimate(commented, Scope()).calls == calls + 600
    assert estimate(commented, Scope(comments=False)).calls == calls + 100
    assert estimate(commented, Scope(exif=True)).calls == calls + 10_600
    assert estimate(commented, Scope(videos=False)).calls == calls + 500 - 100


def test_sizes_decide_files_and_bytes() -> None:
    account = Account(photos=100, videos=10)
    small = estimate(account, Scope(sizes=("s", "t")))
    assert (small.files, small.original_hours) == (200, 0)
    assert small.bytes < 100 * 20_000
    everything = estimate(account, Scope())
    assert everything.bytes > 100 * 4_000_000
    assert everything.bytes > estimate(Account(photos=100), Scope()).bytes


def test_paces_may_be_off() -> None:
    found = estimate(Account(photos=100), Scope(), None, None)
    assert found.hours == 0
    assert estimate(Account(photos=100), Scope(), 1800, 1).call_hours == found.calls / 1800
