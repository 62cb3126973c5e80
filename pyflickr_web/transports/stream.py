"""Requests whose body is streamed: produced in pieces while it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyflickr_web.core.flow import Request
from pyflickr_web.transports.message import Credentials, ServerRequest
from pyflickr_web.transports.signing import prepare

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
    """A body: its media type, its length in bytes, and a function that opens its pieces.

    It is opened anew for each attempt. An error in it aborts the request.
    """

    kind: str
    length: int
    open: Callable[[], Pieces] = field(repr=False)


class StreamRequest(ServerRequest):
    """A POST of a streamed form; its `fields`, which must be parts of `stream`, are signed.

    Its result is a `RawResponse` of at most `longest` bytes. The other side has `timeout` seconds to
    accept each piece, and to answer.
    """

    def __init__(
        self,
        request: Request,
        credentials: Credentials | None,
        stream: StreamBody,
        timeout: float,
        longest: int,
    ) -> None:
        super().__init__(request, credentials, in_form=True)
        self.stream = stream
        self.timeout = timeout
        self.longest = longest


def build_headers(request: StreamRequest) -> dict[str, str]:
    """Return the headers of a request.

    Flickr's signature covers the fields of a multipart form, unlike OAuth's (RFC 5849, section
    3.4.1.3.1).
    """
    signed = {
        name: text for name, text in prepare(request).headers.items() if name == "Authorization"
    }
    stream = request.stream
    return signed | {"Content-Type": stream.kind, "Content-Length": str(stream.length)}


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
