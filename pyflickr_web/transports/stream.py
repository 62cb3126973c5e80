"""Bodies of requests that are streamed: produced in pieces while they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
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


# A generator that yields bytes to send, and `Receive` effects.
Pieces = Generator[bytes | Receive, Any, None]


@dataclass(frozen=True, slots=True)
class StreamBody:
    """The body of a `Request`: its media type, length in bytes, and a function that opens its pieces.

    It is opened anew for each attempt. An error in it aborts the request. The request's `fields` must be
    parts of it, and are signed.
    """

    kind: str
    length: int
    open: Callable[[], Pieces] = field(repr=False)


def iterate_pieces(pieces: Pieces) -> Iterator[bytes]:
    """Yield the bytes to send, in a thread."""
    given = None
    while (asked := _next(pieces, given)) is not None:
        given = None
        if isinstance(asked, Receive):
            given = asked.source()
        else:
            yield asked


async def iterate_pieces_in_loop(pieces: Pieces) -> AsyncIterator[bytes]:
    """Yield the bytes to send, in an event loop."""
    given = None
    while (asked := _next(pieces, given)) is not None:
        given = None
        if isinstance(asked, Receive):
            given = await asked.source()
        else:
            yield asked


def _next(pieces: Pieces, given: Any) -> bytes | Receive | None:
    try:
        return pieces.send(given)
    except StopIteration:
        return None
