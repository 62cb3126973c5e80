"""Requests whose body is made while it is sent, in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyflickr_web.core.flow import Request
from pyflickr_web.transports.message import Credentials, ServerRequest
from pyflickr_web.transports.signing import prepare

# How much of a body is at hand at once, in bytes.
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Receive:
    """An effect that is answered with the next piece of what is coming in, from `source`; with
    nothing at its end. In an event loop `source` is awaited."""

    source: Callable[[], Any]


# Yields what is to be sent, and `Receive`, whose answer it is sent.
Pieces = Generator[bytes | Receive, Any, None]


@dataclass(frozen=True, slots=True)
class StreamBody:
    """A body: its media type, its length in bytes, and what makes its pieces, anew for each attempt.

    What that raises breaks the request off.
    """

    kind: str
    length: int
    open: Callable[[], Pieces] = field(repr=False)


class StreamRequest(ServerRequest):
    """A POST of a form that is `streamed`; its `fields`, which must be part of that, are signed.

    Its answer is a `Whole` of at most `longest` bytes. `timeout` is how many seconds the other side may
    take for each piece, and for its answer.
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
    """Return the headers of a request: Flickr has the fields of a multipart form signed as those of any
    other, which OAuth itself does not ask for (RFC 5849, section 3.4.1.3.1)."""
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
