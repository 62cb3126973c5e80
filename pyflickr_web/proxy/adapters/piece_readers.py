"""Read an upload's body from a server, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pyflickr_web.proxy.calls.message import Refusal
from pyflickr_web.transports.stream import PIECE

# The shortest piece that is read in an event loop, in bytes.
MIN_PIECE = 16 * 1024


class ClientDisconnected(Exception):
    """The client closed the connection."""


class PieceReader:
    """Reads a body of `length` bytes, and nothing beyond: a server's stream may block at its end."""

    def __init__(self, read: Callable[[int], bytes], length: int) -> None:
        self._read = read
        self._left = length

    def next(self) -> bytes:
        """Return the next bytes; empty at the end, or if the client has disconnected."""
        try:
            piece = self._read(min(PIECE, self._left)) if self._left else b""
        except OSError:
            return b""
        self._left -= len(piece)
        return piece


class AsyncPieceReader:
    """Reads a body in an event loop. The client has `timeout` seconds for each piece."""

    def __init__(
        self, receive: Callable[[], Awaitable[MutableMapping[str, Any]]], timeout: float
    ) -> None:
        self._receive = receive
        self._timeout = timeout
        self._more = True

    async def next(self) -> bytes:
        """Return at least `MIN_PIECE` bytes, fewer at the end of the body, and then none."""
        piece = bytearray()
        try:
            # A client that sends single bytes must not keep a connection open for ever.
            async with asyncio.timeout(self._timeout):
                while self._more and len(piece) < MIN_PIECE:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise ClientDisconnected
                    piece += message.get("body", b"")
                    self._more = message.get("more_body", False)
        except TimeoutError:
            raise Refusal(408, "the upload was too slow, or stopped: try again") from None
        return bytes(piece)
