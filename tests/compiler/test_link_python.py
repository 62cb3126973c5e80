"""The Python linker joins modules into one, and leaves out of production what a page does not use."""

from __future__ import annotations

from compiler.python.link import link

MODULES = {
    "core/a": "LEVELS = 1\n\n\ndef allows():\n    return LEVELS\n\n\ndef full_name():\n    return 1\n",
    "browser/m": "from ..core.a import full_name\n\n\ndef public():\n    return full_name()\n",
}


def test_production_goes_without_names_that_nothing_uses() -> None:
    text = link(MODULES, "browser/m", True)
    assert "def full_name" in text
    assert "def public" in text
    # Only `allows` uses it.
    assert "allows" not in text
    assert "LEVELS" not in text


def test_development_has_whole_modules() -> None:
    assert "def allows" in link(MODULES, "browser/m", False)
