"""A minified bundle works as a script, as CommonJS and as an ES module."""

from __future__ import annotations

import pytest

from compiler.__main__ import OUT
from tests.support.bundle_reports import EXPECTED, run


@pytest.mark.parametrize(
    "minifier",
    [
        "terser",
        "esbuild",
        "esbuild for ES2018",
        pytest.param("terser, many passes", marks=pytest.mark.soak),
        pytest.param("swc", marks=pytest.mark.soak),
        pytest.param("swc for ES2018", marks=pytest.mark.soak),
    ],
)
def test_minified_bundles_work(minifier: str) -> None:
    reports = run("minify.mjs", minifier, OUT)
    assert len(reports) == 10
    assert {form: report for form, report in reports.items() if report != EXPECTED} == {}
