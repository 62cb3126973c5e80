"""The limits of `pyflickr-web serve` on connections, and the protocol class that aborts slow readers.

Sizes are in bytes, times in seconds. uvicorn itself keeps connections whose clients do not read.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

# The time for a request's head.
HEAD_TIMEOUT = 10.0
# The longest head and trailers of a request; and overhead for each byte of the body, for chunk headers.
MAX_HEAD = 64 * 1024
MAX_CHUNK_OVERHEAD = 16
# Requests of a connection that are parsed but not yet answered.
MAX_PIPELINED = 16
# In this time a client must read `MIN_WRITTEN`, or all that is left.
WRITE_TIMEOUT = 20.0
MIN_WRITTEN = 100_000
# Unsent bytes of all connections of a process together.
MAX_UNSENT = 32_000_000
# The system's send buffer of a connection. Progress is reported in steps of about a third of it, so it
# must not be much larger than `MIN_WRITTEN`.
SEND_BUFFER = 256 * 1024
# SO_LINGER: on, with a timeout of 0, so that a close sends a reset.
_NO_LINGER = struct.pack("ii", 1, 0)


class WriteTimeout(asyncio.Protocol):
    """Aborts connections of clients that read too slowly; a mixin before a server's protocol class.

    The event loop calls `pause_writing` at the first byte that does not fit into the system's buffer,
    and `resume_writing` when all bytes are sent.
    """

    _client: asyncio.Transport
    _unsent = 0
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        transport.set_write_buffer_limits(high=0)
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._client = transport
        super().connection_made(transport)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unsent = self._client.get_write_buffer_size()
        self._check_later()
        _unsent.add(self._client, self._unsent)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop()

    def connection_lost(self, error: Exception | None) -> None:
        self._stop()
        super().connection_lost(error)

    def _check_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._write_timer = loop.call_later(WRITE_TIMEOUT, self._check)

    def _check(self) -> None:
        unsent = self._client.get_write_buffer_size()
        if self._unsent - unsent < MIN_WRITTEN:
            reset_connection(self._client)
        else:
            self._unsent = unsent
            self._check_later()

    def _stop(self) -> None:
        if self._write_timer:
            self._write_timer.cancel()
            self._write_timer = None
            _unsent.remove(self._client)


class UnsentBytes:
    """The sum of unsent bytes of connections. Beyond `MAX_UNSENT` the connection that has been waiting
    longest is aborted."""

    def __init__(self) -> None:
        self._sizes: dict[asyncio.Transport, int] = {}
        self._total = 0

    def add(self, transport: asyncio.Transport, size: int) -> None:
        """Count the bytes of a connection, until `remove`."""
        self._sizes[transport] = size
        self._total += size
        if self._total > MAX_UNSENT:
            self._make_room()

    def remove(self, transport: asyncio.Transport) -> None:
        """Stop counting a connection."""
        self._total -= self._sizes.pop(transport, 0)

    def _make_room(self) -> None:
        # Some bytes have been sent since they were counted.
        self._sizes = {each: each.get_write_buffer_size() for each in self._sizes}
        self._total = sum(self._sizes.values())
        while self._total > MAX_UNSENT:
            slowest = next(iter(self._sizes))
            self.remove(slowest)
            reset_connection(slowest)


def reset_connection(transport: asyncio.Transport) -> None:
    """Abort a connection and discard its bytes in the system's buffer."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


_unsent = UnsentBytes()
