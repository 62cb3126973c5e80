"""The option `request_options`: settings of the libraries below, as requests names them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from pyflickr_web.core.nearest import suggest
from pyflickr_web.errors import OptionError

# What both libraries have alike.
NAMES = ("cert", "headers", "proxies", "timeout", "verify")
# A longer timeout, in seconds, was most likely meant as milliseconds, which node-flickrapi takes.
LONGEST_TIMEOUT = 600
_MAPPINGS = ("headers", "proxies")
_OPTION = "request_options (or FLICKR_REQUEST_OPTIONS)"


def read(given: Any) -> dict[str, Any]:
    """The settings that a mapping holds, or a text of JSON.

    Raises `ValueError` for what is none, with what it must be; `OptionError` for an unknown setting,
    with the nearest name, and for a timeout in milliseconds.
    """
    settings = _parsed(given) if isinstance(given, str) else given
    names = ", ".join(NAMES)
    if not isinstance(settings, Mapping):
        raise ValueError(f"a mapping, of {names}")
    for name in settings:
        if name not in NAMES:
            near = suggest(str(name), NAMES) or f": use {names}"
            raise OptionError(f"{_OPTION}: unknown setting {name}{near}")
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


def problem_with_timeout(seconds: float) -> str | None:
    """Return the reason to refuse a timeout that is too long to be in seconds; None for another."""
    if seconds <= LONGEST_TIMEOUT:
        return None
    plausible = seconds <= LONGEST_TIMEOUT * 1000
    hint = f"; did you mean {seconds / 1000:g}?" if plausible else f", at most {LONGEST_TIMEOUT}"
    return f"{seconds}: timeouts are seconds here{hint}"


def _timeout(given: Any) -> Any:
    """Seconds, or seconds to connect and between two pieces of an answer; None waits for ever."""
    pair = isinstance(given, (list, tuple)) and len(given) == 2
    for one in given if pair else [given]:
        if one is None:
            continue
        if isinstance(one, bool) or not isinstance(one, (int, float)) or not 0 < one < math.inf:
            raise ValueError("a mapping, in which timeout is seconds or a pair of them, above 0")
        if problem := problem_with_timeout(one):
            raise OptionError(f"{_OPTION}: {problem}")
    return tuple(given) if pair else given
