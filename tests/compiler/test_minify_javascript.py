"""What the minifier gets to see: fewer characters and words, and the same script."""

from __future__ import annotations

import pytest

from compiler.minify_javascript import minify_javascript


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("`${a}/${b}`", 'e+"/"+t'),
        ("`${a}${b}`", '""+e+t'),
        ("`${a} `", 'e+" "'),
        ('`a "${a && b}"`', "'a \"'+(e&&t)+'\"'"),
        ("`plain`", '"plain"'),
        ("/`/.test(a) && `${b}.`", '/`/.test(e)&&t+"."'),
        ("'`' + `-${a}` + \"${b}\"", '"`"+("-"+e)+"${b}"'),
        ("`\\n${a}`", "`\n${e}`"),
    ],
)
def test_template_becomes_a_sum_of_texts(template: str, expected: str) -> None:
    assert minify_javascript(f"f((a, b) => [a, b, {template}]);") == f"f((e,t)=>[e,t,{expected}])"


def test_literal_that_is_used_once_stands_where_it_is_used() -> None:
    text = 'const ONE = { a: "b" };\nconst TWO = "c";\nf(ONE[x], TWO + TWO); // ONE is used above\n'
    once = text.replace(" // ONE is used above", "")
    assert minify_javascript(once) == 'let TWO="c";f({a:"b"}[x],TWO+TWO)'
    assert minify_javascript(text) == 'let ONE={a:"b"},TWO="c";f(ONE[x],TWO+TWO)'
