"""Flows that see other results than those that came."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow


def filtered(flow: Flow, seen: Callable[[Effect, Any], Flow]) -> Flow:
    """The same flow, which sees of each effect's result what `seen(effect, result)` returns.

    `seen` is a flow itself: it may have effects of its own, and raise.
    """
    result = None
    while True:
        try:
            effect = flow.send(result)
        except StopIteration as stop:
            return stop.value
        result = yield effect
        result = yield from seen(effect, result)
