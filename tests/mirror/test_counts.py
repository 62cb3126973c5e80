"""Test that printed numbers agree with their nouns, in all reports and messages."""

from __future__ import annotations

import re

import pytest

from pyflickr_web.mirror.counts import format_bytes, format_count
from pyflickr_web.mirror.display import describe_estimate
from pyflickr_web.mirror.pacing.estimate import Estimate
from pyflickr_web.mirror.report import MOST_PICTURES, Report
from pyflickr_web.mirror.verification.findings import KINDS
from pyflickr_web.mirror.verification.report import VerifyReport

NOUNS = [
    *("photo", "favorite", "file", "album", "collection", "call", "item", "video", "line"),
    *("picture", "minute", "hour"),
]


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 photos"), (1, "1 photo"), (2, "2 photos"), (2000, "2,000 photos")]
)
def test_noun_agrees_with_its_number(number: int, text: str) -> None:
    assert format_count(number, "photo") == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (28_672, "29 kB"),
        (7_448_734, "7.4 MB"),
        (93_500_000, "94 MB"),
        (1_800_000_000, "1.8 GB"),
        (2_000_000_000_000, "2,000 GB"),
    ],
)
def test_bytes_have_a_unit_that_shows_them(number: int, text: str) -> None:
    assert format_bytes(number) == text


def list_lines(number: int) -> list[str]:
    """Return all lines of reports in which every count is `number`."""
    rows = {str(row): "fault" for row in range(number)}
    originals = {f"images/original/{row}.jpg": "page" for row in range(MOST_PICTURES + number)}
    report = Report(repaired=rows, removed=list(rows), failed=rows, unavailable=originals)
    for name, field in Report.__dataclass_fields__.items():
        if field.type in ("int", "int | None"):
            setattr(report, name, number)
    report.needed_max_prune = None
    verification = VerifyReport(files=number)
    verification.counts.update(dict.fromkeys(KINDS, number))
    hours = Estimate(number, number, 0, number, number, number)
    minutes = Estimate(number, number, 0, number / 60, number / 60, number / 60)
    return [
        *report.summarize(),
        *Report(planned=number, is_dry_run=True).summarize(),
        *verification.summarize(),
        verification.advise(),
        describe_estimate(hours),
        describe_estimate(minutes),
    ]


def test_reports_count_one_thing_and_several() -> None:
    one, two = "\n".join(list_lines(1)), "\n".join(list_lines(2))
    assert re.findall(r"\b1 (?:\w+ ){0,2}\w+s\b(?! than)", one) == []
    for noun in NOUNS:
        assert re.search(rf"\b1 (\w+ )?{noun}\b", one), noun
        assert re.search(rf"\b2 (\w+ )?{noun}s\b", two), noun
