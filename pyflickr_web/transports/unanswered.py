"""What becomes of requests without an answer: a write is sent again, but only where it cannot have
arrived, and the failure tells why there was none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Request, Sleep
from pyflickr_web.errors import FlickrError
from pyflickr_web.transports.filtered import filtered
from pyflickr_web.transports.message import NoAnswer, TooLong, Unsent

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow


def unanswered(flow: Flow, method: str, retries: int) -> Flow:
    """The same flow, whose requests are sent up to `retries` times more while none of them left.

    The flow sees None where there was no answer; the error that it then ends with tells why. An answer
    that is too long ends it at once: another would be as long.
    """
    last: NoAnswer | None = None

    def seen(effect: Effect, result: Any) -> Flow:
        nonlocal last
        for count in range(retries if isinstance(effect, Request) else 0):
            if not isinstance(result, Unsent):
                break
            yield Sleep(2**count / 2, 2**count)
            result = yield effect
        if isinstance(result, TooLong):
            raise result.failure(method, method)
        last = result if isinstance(result, NoAnswer) else None
        return None if last else result

    try:
        return (yield from filtered(flow, seen))
    except FlickrError as error:
        if error.status is None and last:
            raise last.failure(f"{method}: no answer", method) from last.cause
        raise
