"""The JavaScript minifier renames only local names, and reports invalid code by file and line."""

from __future__ import annotations

import pytest

from compiler.errors import CompilerError
from compiler.javascript.minify import minify_javascript


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
def test_object_is_not_moved_into_a_function(text: str, expected: str) -> None:
    assert minify_javascript(text, "cache.js") == expected


def test_invalid_code_is_reported_with_file_and_reason() -> None:
    with pytest.raises(CompilerError) as caught:
        minify_javascript("const a = 1;\nconst b = ) 2;\n", "call.js")
    assert str(caught.value) == "call.js: unexpected ) in expression on line 2 and column 11"
