"""Shorter names are shorter everywhere, or nothing would find what they name."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.python.minify import minify_python


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_private_method_is_called_by_the_name_that_it_gets(kind: str) -> None:
    text = (
        f"class Client:\n    {kind} _ask(self): return 1\n    def ask(self): return self._ask()\n"
    )
    minified = minify_python(text, ["Client", "ask"])
    assert "_ask" not in minified
    made: dict[str, Any] = {}
    exec(minified, made)
    found = made["Client"]().ask()
    if kind == "def":
        assert found == 1
    else:
        found.close()
