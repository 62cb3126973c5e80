"""Bodies of requests that are streamed: produced in pieces while they are sent."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

# The bytes of a body in memory at a time.
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Receive:
    """An effect whose result is the next piece from `source`, empty at its end.

    An event loop awaits `source`.
    """

    source: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class ReadPiece:
    """An effect whose result is that of `read`, which may block: an event loop calls it in a thread."""

    read: Callable[[], Any]


class BodyError(Exception):
    """Raised by the pieces of a body to abort the request, whose result is then `BodyAborted`."""


# A generator that yields bytes to send, and effects that return the bytes to send next.
Pieces = Generator[bytes | Receive | ReadPiece, Any, None]


@dataclass(frozen=True, slots=True)
class StreamBody:
    """The body of a `Request`: its media type, length in bytes, and a function that opens its pieces.

    It is opened anew for each attempt. An error in it aborts the request, and unless it is a `BodyError`
    also the flow. The request's `fields` must be parts of it, and are signed.
    """

    kind: str
    length: int
    open: Callable[[], Pieces] = field(repr=False)


def iterate_pieces(pieces: Pieces) -> Iterator[bytes]:
    """Yield the bytes to send, in a thread."""
    given = None
    while (asked := next_step(pieces, given)) is not None:
        given = None
        if isinstance(asked, Receive):
            given = asked.source()
        elif isinstance(asked, ReadPiece):
            given = asked.read()
        else:
            yield asked


def next_step(pieces: Pieces, given: Any) -> bytes | Receive | ReadPiece | None:
    """Return the next bytes or effect of a body, whose last effect has the result `given`."""
    try:
        return pieces.send(given)
    except StopIteration:
        return None
