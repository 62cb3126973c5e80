"""Test streamed bodies: their timeout only counts the other side's time, and they can abort."""

from __future__ import annotations

import threading

import pytest

from pyflickr_web.core.flow import Request
from pyflickr_web.transports.bodies import StreamSender, iterate_pieces_in_loop
from pyflickr_web.transports.failures import BodyAborted
from pyflickr_web.transports.limits import Pace
from pyflickr_web.transports.stream import (
    BodyError,
    Pieces,
    ReadPiece,
    Receive,
    StreamBody,
    iterate_pieces,
)
from pyflickr_web.transports.tasks import TaskTransport
from pyflickr_web.transports.threads import ThreadTransport
from tests.support.loops import run
from tests.support.scripted_server import serve


def body(source: object) -> Pieces:
    first = yield Receive(source)  # type: ignore[arg-type]
    yield first
    yield b"own"
    yield (yield Receive(source))  # type: ignore[arg-type]


def test_time_is_counted_while_the_other_side_has_to_take_a_piece_or_to_answer() -> None:
    counted: list[tuple[str, bool]] = []

    async def send() -> None:
        sending = StreamSender(StreamBody("", 0, lambda: body(source)), 60.0)

        def note(what: str) -> None:
            counted.append((what, sending.limit.when() is not None))

        async def source() -> bytes:
            note("asked for")
            return b"piece"

        async with sending.limit:
            async for piece in sending.pieces():
                note(piece.decode())
            note("all sent")

    run(send())
    assert counted[1:] == [
        ("piece", True),
        ("own", True),
        ("asked for", False),
        ("piece", True),
        ("all sent", True),
    ]


def test_each_piece_has_its_time_anew() -> None:
    async def send() -> list[float]:
        sending = StreamSender(StreamBody("", 0, lambda: (each for each in (b"a", b"b"))), 60.0)
        ends = []
        async with sending.limit:
            async for _ in sending.pieces():
                ends.append(sending.limit.when() or 0.0)
        return ends

    first, second = run(send())
    assert second > first


def test_pieces_are_the_same_in_a_thread() -> None:
    given = iter([b"a", b"b"])
    assert list(iterate_pieces(body(lambda: next(given)))) == [b"a", b"own", b"b"]


def read_body(threads: list[int]) -> Pieces:
    def read() -> bytes:
        threads.append(threading.get_ident())
        return b"piece"

    yield (yield ReadPiece(read))


def test_piece_is_read_in_the_callers_thread() -> None:
    threads: list[int] = []
    assert list(iterate_pieces(read_body(threads))) == [b"piece"]
    assert threads == [threading.get_ident()]


def test_event_loop_reads_a_piece_in_another_thread() -> None:
    threads: list[int] = []

    async def collect() -> tuple[int, list[bytes]]:
        pieces = [piece async for piece in iterate_pieces_in_loop(read_body(threads))]
        return threading.get_ident(), pieces

    loop, pieces = run(collect())
    assert pieces == [b"piece"] and threads != [loop]


def abort(error: Exception) -> Pieces:
    yield b"first"
    raise error


def send_in_threads(request: Request) -> object:
    transport = ThreadTransport(Pace(None), {})
    try:
        return transport.send(request)
    finally:
        transport.close()


def send_in_tasks(request: Request) -> object:
    async def send() -> object:
        transport = TaskTransport(Pace(None), {})
        try:
            return await transport.send(request)
        finally:
            await transport.close()

    return run(send())


@pytest.mark.parametrize("send", [send_in_threads, send_in_tasks])
def test_body_can_abort_its_request(send: object) -> None:
    assert callable(send)
    with serve() as server:
        body = StreamBody("text/plain", 100, lambda: abort(BodyError()))
        assert isinstance(send(Request(server.url, body)), BodyAborted)
        failing = StreamBody("text/plain", 100, lambda: abort(LookupError()))
        with pytest.raises(LookupError):
            send(Request(server.url, failing))
