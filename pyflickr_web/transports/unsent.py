"""Tries a write again, but only where it cannot have arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Request, Sleep
from pyflickr_web.transports.filtered import filtered
from pyflickr_web.transports.message import Unsent

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow


def again_where_unsent(flow: Flow, retries: int) -> Flow:
    """The same flow, whose requests are sent up to `retries` times more while none of them left.

    The flow sees no `Unsent`: to it there was no answer.
    """

    def seen(effect: Effect, result: Any) -> Flow:
        for count in range(retries if isinstance(effect, Request) else 0):
            if not isinstance(result, Unsent):
                break
            yield Sleep(2**count / 2, 2**count)
            result = yield effect
        return None if isinstance(result, Unsent) else result

    return filtered(flow, seen)
