"""Arguments of calls on a server."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from pyflickr_web.options import read_flag
from pyflickr_web.transports.errors import ArgumentError


def read_authenticated(method: str, value: Any) -> bool:
    """Read a call's `authenticated`, which may be a text."""
    if not isinstance(value, str):
        return bool(value)
    try:
        return read_flag(value)
    except ValueError as error:
        raise ArgumentError(f"{method}: authenticated must be {error}", method=method) from None


def find_problem(value: Any) -> str | None:
    """Return the problem with an argument, or an item of a list; None if it is valid."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"invalid number {value}"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return f"give a text, a number or a list of them, not a {type(value).__name__}"
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            return f"{value[error.start]!a} is not valid Unicode: decode it with its own encoding"
    return None
