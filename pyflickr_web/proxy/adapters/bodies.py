"""An upload's body, piece by piece, as a server hands it out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pyflickr_web.proxy.calls.message import Refusal
from pyflickr_web.transports.stream import PIECE

# The least that is read at once in an event loop, in bytes.
MIN_PIECE = 16 * 1024


class ClientDisconnected(Exception):
    """The client went away."""


class PieceReader:
    """A request's body of `length` bytes, piece by piece: past its end a server's stream may wait for
    ever."""

    def __init__(self, read: Callable[[int], bytes], length: int) -> None:
        self._read = read
        self._left = length

    def next(self) -> bytes:
        """The next bytes; none past the end, or where the client has gone away."""
        try:
            piece = self._read(min(PIECE, self._left)) if self._left else b""
        except OSError:
            return b""
        self._left -= len(piece)
        return piece


class AsyncPieceReader:
    """A request's body, piece by piece. For each the client has `timeout` seconds."""

    def __init__(
        self, receive: Callable[[], Awaitable[MutableMapping[str, Any]]], timeout: float
    ) -> None:
        self._receive = receive
        self._timeout = timeout
        self._more = True

    async def next(self) -> bytes:
        """At least `MIN_PIECE` bytes, but at the body's end; none past that."""
        piece = bytearray()
        try:
            # A client that sends byte by byte must not hold a connection for ever.
            async with asyncio.timeout(self._timeout):
                while self._more and len(piece) < MIN_PIECE:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise ClientDisconnected
                    piece += message.get("body", b"")
                    self._more = message.get("more_body", False)
        except TimeoutError:
            raise Refusal(408, "the upload came too slowly, or stopped") from None
        return bytes(piece)
