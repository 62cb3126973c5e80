"""Read the bodies of answers up to a limit, and stream those of requests, in an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

from aiohttp import StreamReader

from pyflickr_web.core.flow import Response
from pyflickr_web.transports.failures import BodyAborted, DeadlineExceeded
from pyflickr_web.transports.limits import LowestRate, TooSlow
from pyflickr_web.transports.stream import (
    BodyError,
    Pieces,
    ReadPiece,
    Receive,
    StreamBody,
    next_step,
)

# The size in bytes of a long answer, and the number of long answers to read at a time.
LONG = 256 * 1024
MAX_LONG = 2


class BodyReader:
    """Reads bodies of answers in one event loop; only a few long ones at a time, to limit memory."""

    def __init__(self) -> None:
        self._long = asyncio.Semaphore(MAX_LONG)

    async def read(
        self, headers: Mapping[str, str], content: StreamReader, longest: int
    ) -> bytes | None:
        """Return the body of an answer; None if it is longer than `longest`."""
        # A compressed body is longer than its Content-Length.
        length = None if "Content-Encoding" in headers else headers.get("Content-Length")
        if length is not None and int(length) <= min(longest, LONG):
            return await content.read()
        body = bytearray()
        await _extend(body, content, min(longest, LONG))
        if len(body) > LONG:
            async with self._long:
                await _extend(body, content, longest)
        return None if len(body) > longest else bytes(body)


async def read_body(content: StreamReader, longest: int) -> bytes | None:
    """Return the body of an answer, without waiting for others; None if it is longer than `longest`."""
    body = bytearray()
    await _extend(body, content, longest)
    return None if len(body) > longest else bytes(body)


async def _extend(body: bytearray, content: StreamReader, length: int) -> None:
    """Read until a body is longer than `length`, or complete."""
    while len(body) <= length and (piece := await content.readany()):
        body += piece


async def iterate_pieces_in_loop(pieces: Pieces) -> AsyncIterator[bytes]:
    """Yield the bytes to send, in an event loop."""
    given = None
    while (asked := next_step(pieces, given)) is not None:
        given = None
        if isinstance(asked, Receive):
            given = await asked.source()
        elif isinstance(asked, ReadPiece):
            given = await asyncio.to_thread(asked.read)
        else:
            yield asked


class StreamSender:
    """Streams a body. The other side has `timeout` seconds to accept each piece, and then to answer.

    Enter `limit` around the request; it raises `TimeoutError`.
    """

    def __init__(self, stream: StreamBody, timeout: float) -> None:
        self.limit = asyncio.timeout(timeout)
        self._stream = stream
        self._timeout = timeout
        self._body_error: Exception | None = None
        self._slow_error: TooSlow | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the pieces for aiohttp to send. The time to produce a piece does not count."""
        rate, clock = LowestRate(), asyncio.get_running_loop().time
        try:
            async for piece in iterate_pieces_in_loop(self._stream.open()):
                self._reschedule()
                start = clock()
                yield piece
                self._reschedule(for_ever=True)
                rate.add(len(piece), clock() - start)
        except TooSlow as error:
            self._slow_error = error
            raise
        except Exception as error:
            self._body_error = error
            raise
        self._reschedule()

    def raise_or_return(self, failure: Response) -> Response:
        """Return the failure of a request; raise the error of its body if there was one."""
        if isinstance(self._body_error, BodyError):
            return BodyAborted()
        if self._body_error:
            raise self._body_error from None
        return DeadlineExceeded() if self._slow_error else failure

    def _reschedule(self, for_ever: bool = False) -> None:
        end = asyncio.get_running_loop().time() + self._timeout
        if not self.limit.expired():
            self.limit.reschedule(None if for_ever else end)
