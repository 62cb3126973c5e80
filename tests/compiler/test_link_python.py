"""The Python linker joins modules into one, and drops unused names in production."""

from __future__ import annotations

from compiler.python.link import link

MODULES = {
    "core/a": "LEVELS = 1\n\n\ndef allows():\n    return LEVELS\n\n\ndef full_name():\n    return 1\n",
    "browser/m": "from ..core.a import full_name\n\n\ndef public():\n    return full_name()\n",
}


def test_production_drops_unused_names() -> None:
    text = link(MODULES, "browser/m", True)
    assert "def full_name" in text
    assert "def public" in text
    # Nothing uses `allows`, and nothing else uses `LEVELS`.
    assert "allows" not in text
    assert "LEVELS" not in text


def test_development_keeps_unused_names() -> None:
    assert "def allows" in link(MODULES, "browser/m", False)
