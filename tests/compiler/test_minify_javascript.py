"""The minifier shortens local names and nothing else."""

from __future__ import annotations

import pytest

from compiler.minify_javascript import minify_javascript


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("const CACHE = {};\nf(() => CACHE);\n", "const CACHE={};f(()=>CACHE)"),
        (
            "const SEEN = {};\nconst f = (size, photo) => {\n  SEEN[size] = photo;\n};\n",
            "const SEEN={},f=(e,t)=>{SEEN[e]=t}",
        ),
    ],
)
def test_object_that_is_used_once_is_made_once(text: str, expected: str) -> None:
    assert minify_javascript(text) == expected
