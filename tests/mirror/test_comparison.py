"""Test the merge of a mirror's files with its checksums, compared with a plain lookup."""

from __future__ import annotations

import random

import pytest

from pyflickr_web.mirror.files.comparison import Check, compare
from pyflickr_web.mirror.files.sorted_lines import REMOVED, Line

NAMES = [f"images/{letter}" for letter in "abcdefghij"]
A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def check_by_lookup(present: list[str], merged: list[Line], logged: list[Line]) -> list[Check]:
    """Return the checks, found by looking up each name in all lists."""
    checks = []
    for name in sorted({*present, *dict(merged), *dict(logged)}):
        old = [digest for one, digest in merged if one == name]
        new = [digest for one, digest in logged if one == name]
        sums = [digest for digest in dict.fromkeys(old + new) if digest != REMOVED]
        if sums or name in present:
            is_unsure = bool(new) and (not old or REMOVED in new)
            checks.append(Check(name, tuple(sums), name in present, is_unsure, len(set(old)) > 1))
    return checks


@pytest.mark.parametrize("seed", range(200))
def test_merge_finds_what_a_lookup_finds(seed: int) -> None:
    chance = random.Random(seed)

    def make_lines(sums: list[str]) -> list[Line]:
        names = sorted(chance.choices(NAMES, k=chance.randint(0, 12)))
        return [(name, chance.choice(sums)) for name in names]

    present = sorted(chance.sample(NAMES, chance.randint(0, 10)))
    merged, logged = make_lines([A, B]), make_lines([A, B, C, REMOVED])
    found = list(compare(iter(present), iter(merged), iter(logged)))
    assert found == check_by_lookup(present, merged, logged)
    assert list(compare(present, merged, [])) == check_by_lookup(present, merged, [])


def test_nothing_has_no_checks() -> None:
    assert list(compare([], [], [])) == []
