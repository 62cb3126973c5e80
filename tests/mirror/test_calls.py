"""Test that the calls of a run are tried again after the pause that Flickr asks all of them for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pyflickr_web.core.flow import Request, Response, Sleep
from pyflickr_web.mirror.pacing.call_pace import CallPace
from pyflickr_web.mirror.pacing.call_rest import CallRest
from pyflickr_web.mirror.pacing.calls import LONGEST_PAUSE, TRIES, Calls
from pyflickr_web.transports.errors import RateLimitError, UnavailableError
from tests.mirror.virtual_time import Drive, VirtualClock
from tests.support.scripted_server import Answer, serve

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.transports.message import Credentials


class _Client:
    """A client of a scripted server."""

    credentials: Credentials | None = None

    def __init__(self, url: str = "http://127.0.0.1:1") -> None:
        self._url = url
        self.options: Any = {"base_url": url}

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
        calls = Calls(_Client(server.url), CallPace(None), CallRest(clock=clock))
        assert drive(calls.call("flickr.test.echo", {}), clock) == "done"
    [pause] = clock.pauses
    assert least <= pause <= most
    assert calls.count == 2


def test_call_is_not_given_up_for_refusals_of_all_calls(drive: Drive) -> None:
    clock = VirtualClock()
    refusals = [Answer(b"", 429) for _ in range(TRIES + 2)]
    with serve(*refusals, Answer(b"done")) as server:
        calls = Calls(_Client(server.url), CallPace(None), CallRest(clock=clock))
        assert drive(calls.call("flickr.test.echo", {}), clock) == "done"
    assert calls.count == TRIES + 3


@pytest.mark.parametrize("status", [429, 503])
def test_other_calls_wait_as_long_as_flickr_asks_one_to(status: int) -> None:
    clock = VirtualClock()
    calls = Calls(_Client(), CallPace(None), CallRest(clock=clock))
    first, second = (calls.call("flickr.test.echo", {}) for _ in range(2))
    assert isinstance(next(first), Request)
    pauses = first.send(Response(status, "", "600")), next(second)
    for pause in pauses:
        assert isinstance(pause, Sleep) and (pause.least, pause.most) == (600, 600)
    clock.sleep(pauses[0])
    assert isinstance(next(second), Request)


def test_answer_of_flickr_counts_the_rests_anew() -> None:
    """Without it, the run would end after some hours of rest in all."""
    clock = VirtualClock()
    calls = Calls(_Client(), CallPace(None), CallRest(clock=clock))
    for _ in range(5):
        call = calls.call("flickr.test.echo", {})
        assert isinstance(next(call), Request)
        clock.sleep(call.send(Response(429, "", "3600")))
        assert isinstance(next(call), Request)
        with pytest.raises(StopIteration):
            call.send(Response(200, "done"))


def test_long_pauses_are_reported() -> None:
    """Those that Flickr asks for, and those between the tries of a call that fails."""
    clock, reported = VirtualClock(), list[float]()
    calls = Calls(_Client(), CallPace(None), CallRest(reported.append, clock))
    call = calls.call("flickr.test.echo", {})
    for retry_after in ("70", None, None, None, None, None):
        assert isinstance(next(call), Request)
        clock.sleep(call.send(Response(503, "", retry_after)))
    assert reported == [70, 8, 16]
