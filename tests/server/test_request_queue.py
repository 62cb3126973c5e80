"""Test the queue for connections: first come, first served, with a timeout."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from pyflickr_web.core.flow import Request, Response
from pyflickr_web.transports import connections, tasks
from pyflickr_web.transports.failures import DeadlineExceeded
from pyflickr_web.transports.limits import Limits
from pyflickr_web.transports.message import BytesSink, RawResponse, SendOptions
from pyflickr_web.transports.tasks import TaskTransport
from pyflickr_web.transports.threads import ThreadTransport
from tests.support.endless_server import endless
from tests.support.loops import run
from tests.support.scripted_server import HeldAnswers, run_script, serve
from tests.support.timeouts import TIMEOUT

TASKS, CALLS = 20, 10


def raw_request(url: str, timeout: float = 20.0) -> Request:
    options = SendOptions(in_form=True, sink=BytesSink(1000), timeout=timeout)
    return Request(url, None, {}, options=options)


def text_request(url: str) -> Request:
    return Request(url, None, {})


@pytest.mark.parametrize(
    "request_to", [raw_request, pytest.param(text_request, marks=pytest.mark.soak)]
)
def test_nobody_waits_while_others_go_again_and_again(
    monkeypatch: pytest.MonkeyPatch, request_to: type[Request]
) -> None:
    # With more connections, a slow answer on one would let tasks on the others pass by.
    monkeypatch.setattr(tasks, "POOL", 1)
    begun = 0
    passed_by = []

    async def call_again_and_again(transport: TaskTransport, url: str) -> None:
        nonlocal begun
        for _ in range(CALLS):
            begun += 1
            before = begun
            await transport.send(request_to(url))
            passed_by.append(begun - before)

    async def all_at_once(url: str) -> None:
        transport = TaskTransport(None, {})
        await asyncio.gather(*(call_again_and_again(transport, url) for _ in range(TASKS)))
        await transport.close()

    with serve() as script:
        run(all_at_once(script.url))
    assert len(passed_by) == TASKS * CALLS
    # Each other task comes before once, and the one that holds the connection once more.
    assert max(passed_by) <= TASKS + 1


def test_thread_that_finds_no_slot_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "POOL", 1)
    transport = ThreadTransport(None, {})
    with run_script(HeldAnswers()) as script:
        with ThreadPoolExecutor(1) as thread:
            held = thread.submit(transport.send, raw_request(script.url))
            assert script.reached.wait(TIMEOUT)
            late = transport.send(raw_request(script.url, timeout=0.2))
            script.leave.set()
            assert isinstance(held.result(), RawResponse)
        assert isinstance(late, DeadlineExceeded)
        assert isinstance(transport.send(raw_request(script.url)), RawResponse)
        assert len(script.asked) == 2
    transport.close()


def test_wait_for_a_slot_is_no_part_of_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "POOL", 1)
    transport = ThreadTransport(None, {}, Limits(deadline=1.0))
    with run_script(HeldAnswers()) as script, ThreadPoolExecutor(2) as threads:
        threads.submit(transport.send, raw_request(script.url))
        assert script.reached.wait(TIMEOUT)
        waiting = threads.submit(transport.send, text_request(script.url))
        # Its timeout shows that the other one has waited for longer than its deadline.
        assert isinstance(transport.send(raw_request(script.url, timeout=1.5)), DeadlineExceeded)
        script.leave.set()
        assert not isinstance(waiting.result(), DeadlineExceeded)
    transport.close()


def test_task_waits_for_a_slot_beyond_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "POOL", 1)

    async def main() -> Response:
        transport = TaskTransport(None, {}, Limits(deadline=1.0))
        first = asyncio.create_task(transport.send(raw_request(script.url)))
        await asyncio.to_thread(script.reached.wait, TIMEOUT)
        waiting = asyncio.create_task(transport.send(text_request(script.url)))
        assert isinstance(
            await transport.send(raw_request(script.url, timeout=1.5)), DeadlineExceeded
        )
        script.leave.set()
        await first
        response = await waiting
        await transport.close()
        return response

    with run_script(HeldAnswers()) as script:
        assert not isinstance(run(main()), DeadlineExceeded)


def test_call_that_found_no_place_is_late_and_a_cancelled_one_gives_its_place_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "POOL", 1)

    async def calls(silent: str, answering: str) -> None:
        transport = TaskTransport(None, {})
        held = asyncio.create_task(transport.send(raw_request(silent)))
        await asyncio.sleep(0)
        assert isinstance(
            await transport.send(raw_request(answering, timeout=0.2)), DeadlineExceeded
        )
        held.cancel()
        with pytest.raises(asyncio.CancelledError):
            await held
        assert isinstance(await transport.send(raw_request(answering)), RawResponse)
        await transport.close()

    with endless(b"") as silent, serve() as script:
        run(calls(silent, script.url))
