"""Test that a streamed body's timeout only counts the other side's time."""

from __future__ import annotations

from pyflickr_web.transports.bodies import StreamSender
from pyflickr_web.transports.stream import Pieces, Receive, StreamBody, iterate_pieces
from tests.support.loops import run


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
