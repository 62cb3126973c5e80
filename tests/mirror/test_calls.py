"""Test that the calls of a run are tried again after the pause that Flickr asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pyflickr_web.core.flow import Request
from pyflickr_web.mirror.pacing.call_pace import CallPace
from pyflickr_web.mirror.pacing.calls import LONGEST_PAUSE, Calls
from pyflickr_web.transports.errors import RateLimitError, UnavailableError
from tests.mirror.virtual_time import Drive, VirtualClock
from tests.support.scripted_server import Answer, serve

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.transports.message import Credentials


class _Client:
    """A client of a scripted server."""

    credentials: Credentials | None = None

    def __init__(self, url: str) -> None:
        self._url = url
        self.options: Any = {}

    def flow(self, method: str, values: dict[str, Any], checked: bool = True) -> Flow:
        response = yield Request(self._url)
        if response.status == 429:
            raise RateLimitError("too many calls", method=method)
        if response.status != 200:
            raise UnavailableError("unavailable", method=method)
        return response.text

    def photo_url(self, photo: Any, size: str = "") -> None:
        """Return no address."""


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    # Without it, pauses are short at first.
    [("7", 7.0, 7.0), ("600", 600.0, 600.0), (None, 0.0, LONGEST_PAUSE / 10)],
)
def test_call_is_tried_again_after_the_pause_that_flickr_asks_for(
    drive: Drive, status: int, retry_after: str | None, least: float, most: float
) -> None:
    clock, headers = VirtualClock(), {"Retry-After": retry_after} if retry_after else {}
    with serve(Answer(b"", status, headers), Answer(b"done")) as server:
        calls = Calls(_Client(server.url), CallPace(None))
        assert drive(calls.call("flickr.test.echo", {}), clock) == "done"
    [pause] = clock.pauses
    assert least <= pause <= most
    assert calls.count == 2
