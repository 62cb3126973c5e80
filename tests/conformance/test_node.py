"""Every bundle meets the conformance vectors in Node, however it is loaded."""

from __future__ import annotations

from functools import cache

import pytest

from compiler.__main__ import OUT
from tests.support.vectors import BUNDLES, Problems, run_in_node, vectors

run_once = cache(run_in_node)


def _problems(bundle: str) -> Problems:
    return run_once(OUT / bundle, BUNDLES[bundle])


@pytest.mark.parametrize(
    ("bundle", "name"),
    [(b, v["name"]) for b, edition in BUNDLES.items() for v in vectors(edition)],
)
def test_bundle_meets_the_vector(bundle: str, name: str) -> None:
    assert _problems(bundle)[name] == []


def test_names_of_vectors_are_unique() -> None:
    names = [vector["name"] for vector in vectors("dev")]
    assert len(names) == len(set(names))
