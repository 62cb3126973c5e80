"""The lock for development holds on every Python that the package is for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.support.repository import ROOT

# Debian's, the oldest.
OLDEST = {"python_version": "3.11", "python_full_version": "3.11.2", "extra": ""}


def _locked() -> list[Requirement]:
    """What the lock has for the oldest Python."""
    lines = (ROOT / "requirements-dev.lock").read_text().splitlines()
    return [one for one in map(Requirement, lines) if _needed(one)]


def _needed(one: Requirement) -> bool:
    return one.marker is None or one.marker.evaluate(OLDEST)


def _installed() -> Iterator[tuple[str, Distribution]]:
    """Those that are here in the very version of the lock; another Python has others of some."""
    for one in _locked():
        try:
            found = distribution(one.name)
        except PackageNotFoundError:
            continue
        if one.specifier.contains(found.version):
            yield one.name, found


INSTALLED = dict(_installed())


@pytest.mark.parametrize("name", INSTALLED)
def test_a_pinned_version_is_for_the_oldest_python_too(name: str) -> None:
    needs = str(INSTALLED[name].metadata.json.get("requires_python", ""))
    assert SpecifierSet(needs).contains(OLDEST["python_full_version"])


@pytest.mark.parametrize("name", INSTALLED)
def test_what_a_pinned_version_needs_on_the_oldest_python_is_pinned(name: str) -> None:
    pinned = {canonicalize_name(one.name) for one in _locked()}
    needed = filter(_needed, map(Requirement, INSTALLED[name].requires or ()))
    assert {canonicalize_name(one.name) for one in needed} <= pinned
