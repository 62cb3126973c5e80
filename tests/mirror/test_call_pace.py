"""Test that all runs with a key share one pace of calls."""

from __future__ import annotations

import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pyflickr_web.core.flow import BlockingEffect, Request, Response, Sleep
from pyflickr_web.mirror.pacing import call_pace
from pyflickr_web.mirror.pacing.call_pace import CallPace, find_file
from tests.mirror.virtual_time import Drive, VirtualClock
from tests.support.scripted_server import serve

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


def reserve(pace: CallPace, clock: VirtualClock) -> float:
    """Reserve a call, and return the moment when it may be sent."""
    return clock.now + pace.reserve()


def test_runs_with_one_file_share_a_pace(tmp_path: Path) -> None:
    clock = VirtualClock()
    file = tmp_path / "new" / "pace.json"
    paces = [CallPace(3600, file, clock) for _ in range(3)]
    moments = [reserve(paces[number % 3], clock) for number in range(9)]
    assert moments == [clock.now + number for number in range(9)]
    other = CallPace(3600, tmp_path / "other.json", clock)
    assert reserve(other, clock) == clock.now


def test_threads_of_all_runs_get_different_moments(tmp_path: Path) -> None:
    clock = VirtualClock()
    paces = [CallPace(3600, tmp_path / "pace.json", clock) for _ in range(2)]
    moments: list[float] = []

    def work(pace: CallPace) -> None:
        moments.extend(reserve(pace, clock) for _ in range(20))

    threads = [threading.Thread(target=work, args=(paces[n % 2],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moments) == [clock.now + number for number in range(80)]


def test_time_without_calls_is_not_saved_up(tmp_path: Path) -> None:
    clock = VirtualClock()
    pace = CallPace(3600, tmp_path / "pace.json", clock)
    pace.reserve()
    clock.now += 100
    assert [pace.reserve() for _ in range(3)] == [0, 1, 2]


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"[]", b"1e999", b'"1"', b"\xff", b"null", b"1" * 400, b"[" * 100_000],
    ids=lambda content: repr(content[:8]),
)
def test_damaged_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    clock = VirtualClock()
    file = tmp_path / "pace.json"
    file.write_bytes(content)
    pace = CallPace(3600, file, clock)
    assert [pace.reserve() for _ in range(2)] == [0, 1]


def test_clock_that_is_set_back_does_not_stop_the_run(tmp_path: Path) -> None:
    clock = VirtualClock(now=1e9)
    pace = CallPace(3600, tmp_path / "pace.json", clock)
    pace.reserve()
    clock.now -= 86_400
    assert [pace.reserve() for _ in range(2)] == [0, 1]


def test_folder_that_is_not_writable_keeps_the_pace_in_this_process(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    clock = VirtualClock()
    pace = CallPace(3600, tmp_path / "file" / "pace.json", clock)
    assert [pace.reserve() for _ in range(3)] == [0, 1, 2]


def test_requests_of_a_flow_are_spaced_and_its_result_is_kept(drive: Drive, tmp_path: Path) -> None:
    clock = VirtualClock()
    pace = CallPace(1800, tmp_path / "pace.json", clock)
    with serve() as server:

        def call() -> Flow:
            for _ in range(3):
                response = yield Request(server.url)
                yield Sleep(0, 0)
            return response

        response: Response = drive(pace.limit(call()), clock)
    assert response.status == 200 and len(server.asked) == 3
    assert [pause for pause in clock.pauses if pause] == [2, 2]


def call_once() -> Flow:
    """Send one request; a flow."""
    yield Request("http://x.example")


def test_long_pause_before_the_next_call_is_reported(tmp_path: Path) -> None:
    clock, pauses = VirtualClock(), list[float]()
    pace = CallPace(20, tmp_path / "pace.json", clock, pauses.append)
    flows: list[Flow] = []
    for _ in range(4):
        flow = pace.limit(call_once())
        reserve = next(flow)
        assert isinstance(reserve, BlockingEffect)
        assert isinstance(flow.send(reserve.perform()), Sleep if flows else Request)
        flows.append(flow)
    # The calls that wait for later moments are not the next one.
    assert pauses == [180]
    for number in (1, 2, 3):
        clock.now += 180
        assert isinstance(flows[number].send(None), Request)
        assert pauses == [180] * min(number + 1, 3)


def test_short_pauses_of_many_workers_are_not_reported(tmp_path: Path) -> None:
    clock, pauses = VirtualClock(), list[float]()
    pace = CallPace(3600, tmp_path / "pace.json", clock, pauses.append)
    flows = [pace.limit(call_once()) for _ in range(32)]
    for flow in flows:
        reserve = next(flow)
        assert isinstance(reserve, BlockingEffect)
        flow.send(reserve.perform())
    assert pauses == []


def test_pace_without_a_limit_adds_nothing_to_a_flow() -> None:
    def call() -> Flow:
        answer = yield Request("http://x.example")
        yield [answer]
        return "result"

    flow = CallPace(None).limit(call())
    assert isinstance(next(flow), Request)
    assert flow.send("answer") == ["answer"]
    with pytest.raises(StopIteration) as stop:
        next(flow)
    assert stop.value.value == "result"


def test_flow_that_is_closed_closes_the_limited_one() -> None:
    closed: list[bool] = []

    def call() -> Flow:
        try:
            yield Request("http://x.example")
        finally:
            closed.append(True)

    flow = CallPace(None).limit(call())
    next(flow)
    flow.close()
    assert closed == [True]


@pytest.mark.parametrize(
    ("options", "given", "an_hour"),
    [
        ({}, None, 3600),
        ({"base_url": "https://proxy.example"}, None, 3600),
        ({"base_url": "http://127.0.0.1:1"}, None, None),
        ({"base_url": "http://127.0.0.1:1"}, 100, 100),
        ({"max_per_hour": 900}, None, 900),
        ({"max_per_hour": 900}, 100, 100),
    ],
)
def test_pace_is_flickrs_limit_unless_it_is_set(
    options: dict[str, Any], given: int | None, an_hour: int | None
) -> None:
    assert CallPace.of({"api_key": "k" * 32, **options}, given).an_hour == an_hour


def test_file_is_by_key_and_does_not_contain_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    first, second = find_file("a" * 32), find_file("b" * 32)
    assert first != second and "a" * 8 not in str(first)
    assert call_pace.CallPace.of({"api_key": "a" * 32}).reserve() == 0
    if first.is_relative_to(tmp_path):
        assert stat.S_ISREG(first.stat().st_mode)
