"""The sandbox's answers have the keys and types of Flickr's recorded ones, and no others.

Reasons for differences are data, `agreement/evidence.json`, which docs/sandbox-evidence.md shows.
"""

from __future__ import annotations

from functools import cache

import pytest

from flickr_sandbox.reflection import methods
from tests.sandbox.agreement import page
from tests.sandbox.agreement.comparison import Comparison, compare
from tests.sandbox.agreement.evidence import additions, load
from tests.sandbox.agreement.exchanges import neutral, neutral_keys, recorded_methods
from tests.support.local_api import LocalApi

LEAST = 0.98
METHODS = [name for name in recorded_methods() if name in methods()]


@pytest.fixture(scope="module", params=METHODS)
def comparison(complete_api: LocalApi, request: pytest.FixtureRequest) -> Comparison:
    """The comparison of each method in turn; its tests run one after the other."""
    return compare(complete_api, request.param)


def test_recorded_facts_agree_or_have_a_reason(comparison: Comparison) -> None:
    assert [
        f"{key} is {kind} on {recording.day} ({recording.source})"
        for (key, kind), recording in comparison.different
    ] == []


def test_answer_has_no_key_without_evidence(comparison: Comparison) -> None:
    method = comparison.method
    ours = {neutral(fact, form) for form, facts in comparison.ours.items() for fact in facts}
    unknown = ours - neutral_keys(method) - {""}
    assert {key for key in unknown if not _is_added(method, key)} == set()


def _is_added(method: str, key: str) -> bool:
    if method == "flickr.test.echo":
        return True
    return _is_extra(key) or any(row.covers(method, key) for row in additions())


@cache
def _recorded_extras() -> set[str]:
    """Return the last parts of the keys of photos in all recorded lists."""
    keys = {key for method in METHODS for key in neutral_keys(method)}
    return {key.rpartition(".")[2] for key in keys if ".photo." in key}


def _is_extra(key: str) -> bool:
    """Return True for a field of photos in lists, as `extras` adds it in every list."""
    parent, _, last = key.rpartition(".")
    in_list = parent.endswith(
        (".photo", ".primary_photo_extras", "primary_photo_extras.description")
    )
    return key.endswith("primary_photo_extras") or (in_list and last in _recorded_extras())


@pytest.mark.soak
@pytest.mark.skipif(not METHODS, reason="no recorded answers")
def test_at_least_98_percent_of_todays_facts_agree(complete_api: LocalApi) -> None:
    results = [compare(complete_api, name) for name in METHODS]
    current = sum(result.current for result in results)
    assert sum(result.agreeing for result in results) >= LEAST * current > 0


def test_every_recorded_method_is_in_the_evidence() -> None:
    assert {name for name in METHODS if "sample" in load()["evidence"][name]} == set()


def test_page_shows_the_evidence() -> None:
    assert page.PAGE.read_text("utf-8") == page.render(), (
        "run `python -m tests.sandbox.agreement --write`"
    )
