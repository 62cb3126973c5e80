"""Test that all calls of a run rest together after Flickr refuses one, and that this has an end."""

from __future__ import annotations

import math

import pytest

from pyflickr_web.mirror.pacing.call_rest import (
    LONGEST_BACKOFF,
    LONGEST_REST,
    MOST_REST,
    CallRest,
)
from pyflickr_web.transports.errors import RateLimitError
from tests.mirror.virtual_time import VirtualClock, drive_without_network

HOUR = 3600.0


class _Rest:
    """A rest with its clock; `reported` are the seconds of long ones."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.reported: list[float] = []
        self.rest = CallRest(self.reported.append, self.clock)

    def wait(self) -> float:
        """Wait until a call may be sent, and return that moment."""
        moment: float = drive_without_network(self.rest.wait(), self.clock)
        return moment

    def refuse(self, asked: float = 0.0) -> float:
        """Send a call that is refused, and return the seconds of the rest after it."""
        sent = self.wait()
        self.rest.begin(sent, asked)
        return self.wait() - sent


def test_all_calls_wait_for_the_rest_of_one() -> None:
    run = _Rest()
    start = run.wait()
    run.rest.begin(start, 600)
    assert [run.wait() - start for _ in range(3)] == [600, 600, 600]
    assert run.clock.pauses == [600]


def test_rest_without_a_length_doubles_until_an_answer() -> None:
    run = _Rest()
    rests = [run.refuse() for _ in range(12)]
    assert rests[:4] == [1, 2, 4, 8]
    assert rests[-2:] == [LONGEST_BACKOFF, LONGEST_BACKOFF]
    run.rest.note_answer()
    assert run.refuse() == 1


def test_calls_that_were_sent_together_are_one_refusal() -> None:
    run = _Rest()
    sent = run.wait()
    for asked in (0, 0, 0, 120, 0):
        run.rest.begin(sent, asked)
    assert run.wait() - sent == 120
    assert run.refuse() == 2


def test_many_calls_that_are_refused_at_once_do_not_end_the_run() -> None:
    run = _Rest()
    sent = run.wait()
    for _ in range(9):
        run.rest.begin(sent, HOUR)
    assert run.wait() - sent == HOUR


@pytest.mark.parametrize("asked", [LONGEST_REST + 1, 6 * HOUR, math.inf])
def test_rest_is_an_hour_at_most(asked: float) -> None:
    run = _Rest()
    assert run.refuse(asked) == HOUR
    assert run.reported == [HOUR]


def test_rests_of_hours_without_an_answer_end_the_run() -> None:
    run = _Rest()
    for _ in range(3):
        run.refuse(HOUR)
    with pytest.raises(RateLimitError, match="run it again later"):
        run.refuse(HOUR)
    # The last rest has no use.
    assert sum(run.clock.pauses) == MOST_REST
    assert len(run.reported) == 3


def test_rests_with_answers_in_between_do_not_end_the_run() -> None:
    run = _Rest()
    for _ in range(5):
        assert run.refuse(HOUR) == HOUR
        run.rest.note_answer()


def test_rest_is_reported_once_with_its_length() -> None:
    run = _Rest()
    run.refuse(4)
    assert run.reported == []
    sent = run.wait()
    for asked in (70, 71, 60):
        run.rest.begin(sent, asked)
    assert run.reported == [70]
