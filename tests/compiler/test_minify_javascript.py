"""The minifier shortens local names and nothing else, and names what it cannot read."""

from __future__ import annotations

import pytest

from compiler.javascript.minify import minify_javascript
from compiler.reflect.problems import CompilerError


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
    assert minify_javascript(text, "cache.js") == expected


def test_text_that_is_not_javascript_is_named_with_the_reason() -> None:
    with pytest.raises(CompilerError) as refused:
        minify_javascript("const a = 1;\nconst b = ) 2;\n", "call.js")
    assert str(refused.value) == "call.js: unexpected ) in expression on line 2 and column 11"
