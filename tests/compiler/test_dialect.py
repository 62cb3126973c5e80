"""The lint of `core/` and `browser/` reports constructs that MicroPython lacks, by file and line."""

from __future__ import annotations

import pytest

from compiler.python.dialect import lint
from compiler.python.render import read_sources

INVALID = {
    "match x:\n    case 1: pass": "`match`",
    "a = {**b}": "`{**a}`",
    "a = [*b]": "`[*a]`",
    "a = *b, 1": "`[*a]`",
    "def f(a, /): pass": "positional-only",
    "async def f():\n    return [a async for a in b]": "asynchronous comprehensions",
    "async def f():\n    yield 1": "asynchronous generators",
    "try: pass\nexcept* OSError: pass": "`except*`",
    "with (a as b, c as d): pass": "parenthesised `with`",
    "a = '\x85'\nwith (a as b, c as d): pass": "parenthesised `with`",
    "def f[T](a): pass": "type parameters|is not valid in",
    "type A = int": "`type X|is not valid in",
    "raise A from b": "`raise … from`",
    "class A(B, C): pass": "two built-in bases",
    "class A(metaclass=B): pass": "metaclasses",
    "class A:\n    def __init_subclass__(cls): pass": "__init_subclass__",
    "a = b.__cause__": "__cause__",
    "a = b.removeprefix('x')": "str.removeprefix",
    "a = b.zfill(2)": "str.zfill",
    "a = b.ljust(2)": "str.ljust",
    "a = b.isalnum()": "str.isalnum",
    "a = b.title()": "str.title",
    "a = list[int]": "list[…]",
    "a = TimeoutError": "TimeoutError",
    "a = ConnectionError": "ConnectionError",
    "a = ModuleNotFoundError": "ModuleNotFoundError",
    "json.dumps(a, indent=1)": "indent of json.dumps",
    "import typing": "not typing",
    "import dataclasses": "not dataclasses",
    "from urllib.parse import quote": "not urllib.parse",
    "from __future__ import annotations": "not __future__",
    "import asyncio": "not asyncio",
    "from ..browser.driver import drive": "not browser.driver",
    "a = f\"{b.get('x')}\"": "an f-string's field",
    "a = f\"{b['x']}\"": "an f-string's field",
}
VALID = [
    "import json",
    "from .flow import Request",
    "if TYPE_CHECKING:\n    from typing import Any",
    'def f(a: "list[int]") -> "int | None": pass',
    "def f(a: list[int]): pass",
    "a, *b = c",
    "f(*a, **b)",
    "with a as b, c as d: pass",
    'a = f"{b:02X}"',
    "if (a := b): pass",
    "async def f():\n    async for a in b: await a",
    "json.dumps(a, separators=(',', ':'))",
]


@pytest.mark.parametrize("text", INVALID)
def test_construct_is_named_with_file_and_line(text: str) -> None:
    problems = [str(problem) for problem in lint({"core/x": "\n" + text})]
    expected = INVALID[text].split("|")
    assert any(word in line for line in problems for word in expected), problems
    assert all(line.startswith("core/x.py:") and ":0:" not in line for line in problems)


@pytest.mark.parametrize("text", VALID)
def test_construct_that_micropython_runs_is_allowed(text: str) -> None:
    assert lint({"core/x": text}) == []


def test_browser_may_import_asyncio() -> None:
    assert lint({"browser/x": "import asyncio"}) == []


def test_import_for_cpython_is_allowed_in_a_function_of_its_module() -> None:
    lazy = "def f():\n    import inspect"
    assert lint({"core/details": lazy}) == []
    assert lint({"core/x": lazy}) != []
    assert lint({"core/details": "import inspect"}) != []


def test_package_is_in_the_dialect() -> None:
    assert lint(read_sources()) == []
