"""The lock file for development works on every Python that the package supports."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.support.repository import ROOT

# Debian's Python, the oldest.
OLDEST = {"python_version": "3.11", "python_full_version": "3.11.2", "extra": ""}


def _list_requirements() -> list[Requirement]:
    """Return the requirements of the lock file for the oldest Python."""
    lines = (ROOT / "requirements-dev.lock").read_text().splitlines()
    return [requirement for requirement in map(Requirement, lines) if _applies(requirement)]


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(OLDEST)


def _list_installed() -> Iterator[tuple[str, Distribution]]:
    """Yield the installed packages that have the lock file's version; Pythons may differ in some."""
    for requirement in _list_requirements():
        try:
            found = distribution(requirement.name)
        except PackageNotFoundError:
            continue
        if requirement.specifier.contains(found.version):
            yield requirement.name, found


INSTALLED = dict(_list_installed())


@pytest.mark.parametrize("name", INSTALLED)
def test_a_pinned_version_supports_the_oldest_python(name: str) -> None:
    needs = str(INSTALLED[name].metadata.json.get("requires_python", ""))
    assert SpecifierSet(needs).contains(OLDEST["python_full_version"])


@pytest.mark.parametrize("name", INSTALLED)
def test_requirements_of_a_pinned_version_on_the_oldest_python_are_pinned(name: str) -> None:
    pinned = {canonicalize_name(requirement.name) for requirement in _list_requirements()}
    applicable = filter(_applies, map(Requirement, INSTALLED[name].requires or ()))
    assert {canonicalize_name(requirement.name) for requirement in applicable} <= pinned
