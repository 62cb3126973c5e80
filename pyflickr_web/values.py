"""Which values an argument may have: what is none would go out as Python shows it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any


def problem_with(value: Any) -> str | None:
    """Why an argument may not have a value, and what it may; None where it may."""
    if isinstance(value, (list, tuple, set)):
        return next(filter(None, map(_problem_with_one, value)), None)
    return _problem_with_one(value)


def _problem_with_one(value: Any) -> str | None:
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is no number that Flickr takes"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return f"give a text, a number or a list of them, not a {type(value).__name__}"
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            return f"{value[error.start]!a} is not valid Unicode: decode it with its own encoding"
    return None
