"""A bundled page makes calls, with every way to require or import the npm package."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.__main__ import OUT
from tests.support.bundle_reports import EXPECTED, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with only the npm package installed."""
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "flickrapi-web").symlink_to(OUT)
    return tmp_path


def test_pages_work_in_node(folder: Path) -> None:
    reports = run("bundle.mjs", "node", folder)
    assert len(reports) == 8
    assert {page: report for page, report in reports.items() if report != EXPECTED} == {}


@pytest.mark.soak
def test_pages_of_browserify_work(folder: Path) -> None:
    # It knows neither ES modules nor `exports`.
    reports = run("bundle.mjs", "browserify", folder)
    assert reports == dict.fromkeys(
        ["require-members.cjs", "require-class.cjs", "require-dev.cjs"], EXPECTED
    )


@pytest.mark.parametrize(
    "bundler",
    [
        "esbuild",
        pytest.param("rollup", marks=pytest.mark.soak),
        pytest.param("vite", marks=pytest.mark.soak),
        pytest.param("webpack", marks=pytest.mark.soak),
    ],
)
def test_bundled_pages_work(bundler: str, folder: Path) -> None:
    reports = run("bundle.mjs", bundler, folder)
    assert reports.pop("methods in a page that does not use them") is False
    assert len(reports) == 8
    assert {page: report for page, report in reports.items() if report != EXPECTED} == {}
