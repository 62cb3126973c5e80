"""The Python minifier renames a private method in its definition and in all of its calls."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.python.minify import minify_python


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_private_method_is_called_by_its_new_name(kind: str) -> None:
    text = (
        f"class Client:\n    {kind} _ask(self): return 1\n    def ask(self): return self._ask()\n"
    )
    minified = minify_python(text, ["Client", "ask"])
    assert "_ask" not in minified
    scope: dict[str, Any] = {}
    exec(minified, scope)
    result = scope["Client"]().ask()
    if kind == "def":
        assert result == 1
    else:
        result.close()


def test_internal_attribute_is_renamed() -> None:
    text = "class Plan:\n    def __init__(self): self.retries = 3\ndef count(): return Plan().retries\n"
    minified = minify_python(text, ["count"], ["retries"])
    assert "retries" not in minified
    scope: dict[str, Any] = {}
    exec(minified, scope)
    assert scope["count"]() == 3
