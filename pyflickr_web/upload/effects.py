"""Effects of uploads: the clock, and blocking work whose errors the flow can handle."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import BlockingEffect
from pyflickr_web.transports.errors import FlickrError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


class UnixTime(BlockingEffect):
    """An effect that returns the time in Unix seconds."""

    def perform(self) -> float:
        return time.time()


class BlockingCall(BlockingEffect):
    """An effect that calls `function`, and returns its result, or the `FlickrError` that it raised."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function

    def perform(self) -> Any:
        try:
            return self._function()
        except FlickrError as error:
            return error


def perform(function: Callable[[], Any]) -> Flow:
    """Call a function that may block; return its result or raise its `FlickrError`, in the flow.

    An error of an effect would end the flow.
    """
    result = yield BlockingCall(function)
    if isinstance(result, FlickrError):
        raise result
    return result
