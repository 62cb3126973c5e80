"""The option `request_options`: settings of the libraries below, as requests names them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# What both libraries have alike.
NAMES = ("cert", "headers", "proxies", "timeout", "verify")
_MAPPINGS = ("headers", "proxies")


def read(given: Any) -> dict[str, Any]:
    """The settings that a mapping holds, or a text of JSON.

    Raises `ValueError` for what is none, with what it must be.
    """
    settings = _parsed(given) if isinstance(given, str) else given
    if not isinstance(settings, Mapping) or not set(settings) <= set(NAMES):
        raise ValueError(f"a mapping, of {', '.join(NAMES)}")
    for name in _MAPPINGS:
        if not isinstance(settings.get(name) or {}, Mapping):
            raise ValueError(f"a mapping, in which {name} is one too")
    if "timeout" not in settings:
        return dict(settings)
    return {**settings, "timeout": _timeout(settings["timeout"])}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _timeout(given: Any) -> Any:
    """Seconds, or seconds to connect and between two pieces of an answer; None waits for ever."""
    pair = isinstance(given, (list, tuple)) and len(given) == 2
    for one in given if pair else [given]:
        if one is not None and not (isinstance(one, (int, float)) and one > 0):
            raise ValueError("a mapping, in which timeout is seconds or a pair of them, above 0")
    return tuple(given) if pair else given
