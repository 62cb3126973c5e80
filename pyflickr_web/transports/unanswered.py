"""What becomes of requests without an answer: a write is sent again, but only where it cannot have
arrived, and the failure tells why there was none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Request, Sleep
from pyflickr_web.errors import FlickrError, NetworkError
from pyflickr_web.transports.filtered import filtered
from pyflickr_web.transports.message import NoAnswer, Unsent

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow


def unanswered(flow: Flow, retries: int) -> Flow:
    """The same flow, whose requests are sent up to `retries` times more while none of them left.

    The flow sees None where there was no answer; the error that it then ends with tells why.
    """
    reason = ""

    def seen(effect: Effect, result: Any) -> Flow:
        nonlocal reason
        for count in range(retries if isinstance(effect, Request) else 0):
            if not isinstance(result, Unsent):
                break
            yield Sleep(2**count / 2, 2**count)
            result = yield effect
        if not isinstance(result, NoAnswer):
            return result
        reason = result.why
        return None

    try:
        return (yield from filtered(flow, seen))
    except FlickrError as error:
        if error.status is None and reason:
            told = f"{error.method}: no answer: {reason}"
            raise NetworkError(told, method=error.method) from None
        raise
