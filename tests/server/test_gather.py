"""Test `Gather`, in threads and in tasks: its bound, its order, and that it stops at a failure."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pyflickr_web.core.flow import BlockingEffect, Request, Sleep
from pyflickr_web.transports.cancellation import Cancellation, Cancelled
from pyflickr_web.transports.failures import DeadlineExceeded
from pyflickr_web.transports.file_sink import AtomicFileSink
from pyflickr_web.transports.gather import Gather
from pyflickr_web.transports.message import BytesSink, SendOptions
from pyflickr_web.transports.stream import Pieces, StreamBody
from pyflickr_web.transports.tasks import TaskDriver, TaskTransport
from pyflickr_web.transports.threads import ThreadDriver, ThreadTransport
from tests.support.endless_server import endless
from tests.support.loops import run
from tests.support.scripted_server import HeldAnswers, run_script, serve
from tests.support.sockets import accepting

# Seconds until a test fails instead of waiting: fewer than the 60 in which a request has to be answered.
PATIENCE = 50
LONGEST_FILE = 1_000_000_000
LARGE = 20_000_000
RunFlow = Callable[[Any], Any]


class Perform(BlockingEffect):
    """Calls a function of a test, which may wait."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.perform = function  # type: ignore[method-assign]


def run_in_threads(flow: Any) -> Any:
    transport = ThreadTransport(None, {})
    try:
        return ThreadDriver(transport.send).run(flow)
    finally:
        transport.close()


def run_in_tasks(flow: Any) -> Any:
    return run(_run_in_loop(flow))


async def _run_in_loop(flow: Any) -> Any:
    transport = TaskTransport(None, {})
    try:
        return await TaskDriver(transport.send).run(flow)
    finally:
        await transport.close()


@pytest.fixture(params=[run_in_threads, run_in_tasks])
def run_flow(request: pytest.FixtureRequest) -> RunFlow:
    """Run a flow with either driver."""
    return request.param  # type: ignore[no-any-return]


def gather(*flows: Any, limit: int = 2, on_result: Callable[[], object] = lambda: None) -> Any:
    return (yield Gather(flows, limit, on_result))


@dataclass(slots=True)
class HeldServer:
    """A server that sends `content` and nothing more; it counts requests and closed connections."""

    content: bytes
    url: str = ""
    requests: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def talk(self, connection: socket.socket, _: int) -> None:
        with connection:
            connection.recv(65536)
            connection.sendall(self.content)
            # Shorter than the deadline of any request.
            connection.settimeout(PATIENCE)
            self.requests.release()
            try:
                connection.recv(1)
            except TimeoutError:
                return
            except OSError:
                """The client has reset the connection."""
            self.closed.release()


@contextmanager
def hold(content: bytes = b"") -> Iterator[HeldServer]:
    server = HeldServer(content)
    with accepting(server.talk) as server.url:
        yield server


def take(semaphore: threading.Semaphore) -> None:
    assert semaphore.acquire(timeout=PATIENCE)


def text_request(url: str, target: Path) -> Request:
    return Request(url, None, {})


def bytes_request(url: str, target: Path) -> Request:
    options = SendOptions(in_form=True, sink=BytesSink(1000), timeout=PATIENCE * 3)
    return Request(url, None, {}, options=options)


def file_request(url: str, target: Path) -> Request:
    return Request(url, options=SendOptions(sink=AtomicFileSink(target, LONGEST_FILE)))


def send(request: Request) -> Any:
    return (yield request)


def fail_after(semaphore: threading.Semaphore) -> Any:
    yield Perform(lambda: take(semaphore))
    raise ValueError("the first failure")


def test_results_are_in_the_order_of_the_flows(run_flow: RunFlow) -> None:
    second_ended = threading.Event()

    def first() -> Any:
        yield Perform(lambda: second_ended.wait(PATIENCE))
        return 1

    def second() -> Any:
        yield Perform(second_ended.set)
        return 2

    assert run_flow(gather(first(), second())) == [1, 2]
    assert run_flow(gather()) == []


def test_bound_is_reached_and_not_exceeded(run_flow: RunFlow) -> None:
    barrier = threading.Barrier(3)
    lock, running, most, ended = threading.Lock(), 0, 0, []

    def enter() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        # Three flows must run at the same time to pass.
        barrier.wait(PATIENCE)
        with lock:
            running -= 1

    def flow(number: int) -> Any:
        yield Perform(enter)
        return number

    flows = (flow(number) for number in range(12))
    results = run_flow(gather_lazily(flows, lambda: ended.append(1)))
    assert (results, most, len(ended)) == (list(range(12)), 3, 12)


def gather_lazily(flows: Iterator[Any], on_result: Callable[[], object]) -> Any:
    return (yield Gather(flows, 3, on_result))


def test_limit_must_be_positive() -> None:
    with pytest.raises(ValueError, match="invalid limit 0"):
        Gather([], 0)


def test_gathered_requests_share_the_transport(run_flow: RunFlow, tmp_path: Path) -> None:
    with serve() as server:
        flows = [send(text_request(server.url, tmp_path)) for _ in range(20)]
        answers = run_flow(gather(*flows, limit=4))
        assert [answer.text for answer in answers] == ['{"stat":"ok"}'] * 20
        assert len({request.port for request in server.asked}) <= 4


HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.mark.parametrize("content", [b"", HEAD + b"x"], ids=["head", "body without a length"])
@pytest.mark.parametrize("make_request", [text_request, bytes_request, file_request])
def test_failure_closes_connections_and_no_other_flow_begins(
    run_flow: RunFlow, make_request: Any, content: bytes, tmp_path: Path
) -> None:
    begun, closed_flows = [], []

    def send_and_record(request: Request) -> Any:
        try:
            yield request
            yield Perform(lambda: begun.append("after the request"))
        finally:
            closed_flows.append(1)

    def begin() -> Any:
        begun.append("another flow")
        yield Sleep(0, 0)

    with hold(content) as server:
        request = make_request(server.url, tmp_path / "photo.jpg")
        flows = send_and_record(request), fail_after(server.requests), begin()
        with pytest.raises(ValueError, match="the first failure") as caught:
            run_flow(gather(*flows))
        assert caught.value.__context__ is None
        take(server.closed)
    assert closed_flows == [1]
    assert begun == []
    assert list(tmp_path.iterdir()) == []


def test_no_flow_begins_after_one_that_ends_with_its_request(
    run_flow: RunFlow, tmp_path: Path
) -> None:
    begun = []

    def begin() -> Any:
        begun.append("another flow")
        yield Sleep(0, 0)

    with hold() as server:
        flows = send(text_request(server.url, tmp_path)), fail_after(server.requests), begin()
        with pytest.raises(ValueError, match="the first failure"):
            run_flow(gather(*flows))
    assert begun == []


def test_failure_ends_a_pause(run_flow: RunFlow) -> None:
    begun = threading.Semaphore(0)

    def pause() -> Any:
        yield Perform(begun.release)
        yield Sleep(1e6, 1e6)

    with pytest.raises(ValueError, match="the first failure"):
        run_flow(gather(pause(), fail_after(begun)))


def test_failure_ends_a_gather_within(run_flow: RunFlow, tmp_path: Path) -> None:
    with hold() as server:
        inner = gather(*(send(text_request(server.url, tmp_path)) for _ in range(2)))

        def fail() -> Any:
            yield Perform(lambda: take(server.requests))
            yield from fail_after(server.requests)

        with pytest.raises(ValueError, match="the first failure"):
            run_flow(gather(inner, fail()))
        take(server.closed)
        take(server.closed)


def test_failure_ends_a_threads_send_to_a_server_that_reads_no_more() -> None:
    begun, results = threading.Event(), []

    def make_pieces() -> Pieces:
        begun.set()
        # More than the buffers of both sockets hold.
        yield bytes(LARGE)

    def upload(url: str) -> Any:
        body = StreamBody("text/plain", LARGE, make_pieces)
        results.append((yield Request(url, body, {}, options=SendOptions(timeout=PATIENCE))))

    def fail_later() -> Any:
        yield Perform(begun.wait)
        raise ValueError("the first failure")

    with endless(b"") as url, pytest.raises(ValueError, match="the first failure"):
        run_in_threads(gather(upload(url), fail_later()))
    assert not any(isinstance(result, DeadlineExceeded) for result in results)


def test_cancelled_task_closes_its_connections(tmp_path: Path) -> None:
    async def cancel(server: HeldServer) -> None:
        flows = [send(text_request(server.url, tmp_path)) for _ in range(3)]
        task = asyncio.create_task(_run_in_loop(gather(*flows)))
        for _ in range(2):
            await asyncio.to_thread(take, server.requests)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(2):
            await asyncio.to_thread(take, server.closed)

    with hold() as server:
        run(cancel(server))
        assert not server.requests.acquire(blocking=False)


def test_keyboard_interrupt_closes_connections_of_threads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    join = threading.Thread.join
    with hold() as server:

        def interrupt(thread: threading.Thread, timeout: float | None = None) -> None:
            monkeypatch.setattr(threading.Thread, "join", join)
            take(server.requests)
            take(server.requests)
            raise KeyboardInterrupt

        monkeypatch.setattr(threading.Thread, "join", interrupt)
        flows = [send(text_request(server.url, tmp_path)) for _ in range(3)]
        with pytest.raises(KeyboardInterrupt):
            run_in_threads(gather(*flows))
        take(server.closed)
        take(server.closed)
        assert not server.requests.acquire(blocking=False)


def test_connection_of_another_call_is_not_shut_down(tmp_path: Path) -> None:
    """A cancellation only reaches the connections that its own flows still read."""
    transport = ThreadTransport(None, {})
    with run_script(HeldAnswers()) as server, ThreadPoolExecutor(1) as thread:
        server.leave.set()
        others = []

        def send_from_another_thread() -> None:
            server.leave.clear()
            server.reached.clear()
            others.append(thread.submit(transport.send, text_request(server.url, tmp_path)))
            assert server.reached.wait(PATIENCE)

        def fail_later() -> Any:
            yield text_request(server.url, tmp_path)
            # The connection is back in the pool, for another call.
            yield Perform(send_from_another_thread)
            raise ValueError("the first failure")

        with pytest.raises(ValueError, match="the first failure"):
            ThreadDriver(transport.send).run(gather(fail_later()))
        server.leave.set()
        assert others[0].result().text == '{"stat":"ok"}'
        assert server.asked[0].port == server.asked[1].port
    transport.close()


def test_handler_that_comes_late_is_called_at_once() -> None:
    cancellation, called = Cancellation(), []
    cancellation.add("removed", lambda: called.append("removed"))
    cancellation.remove("removed")
    cancellation.cancel()
    cancellation.add("late", lambda: called.append("late"))
    assert called == ["late"]
    with pytest.raises(Cancelled):
        cancellation.check()
