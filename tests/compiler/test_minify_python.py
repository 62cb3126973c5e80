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


def test_internal_methods_that_nothing_uses_are_dropped() -> None:
    text = (
        "class Client:\n"
        "    def ask(self): return self._ask()\n"
        "    def _ask(self): return 1\n"
        "    def warn(self, text): console.warn(text)\n"
        "    def _unused(self): return self._unused()\n"
        "    def public(self): return 2\n"
    )
    minified = minify_python(text, ["Client"], ["warn"])
    scope: dict[str, Any] = {}
    exec(minified, scope)
    client = scope["Client"]()
    assert [client.ask(), client.public()] == [1, 2]
    assert "console" not in minified and minified.count("def ") == 3


def test_most_used_attribute_gets_the_shortest_name() -> None:
    rare = "".join(f"    def _a{n}(self): return self._a{n}\n" for n in range(26))
    often = " + ".join(["self._often"] * 4)
    text = f"class Client:\n{rare}    def ask(self): return {often}\n"
    text += "".join(f"Client()._a{n}()\n" for n in range(26))
    assert "._a+" in minify_python(text, ["Client"])
