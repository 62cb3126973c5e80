"""The limits of `pyflickr-web serve` on the clients that connect to it. Sizes are in bytes, times in
seconds. Connections whose clients do not read their answers are aborted: uvicorn would keep these."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

# A request's head must be there by then.
HEAD_TIMEOUT = 10.0
# What a request may have beside its body, in its head and behind its last chunk; and for each byte of
# the body, as a chunk has a head of its own.
MAX_HEAD = 64 * 1024
MAX_CHUNK_OVERHEAD = 16
# Requests of a connection that are parsed and not answered.
MAX_PIPELINED = 16
# In this time a client takes `MIN_WRITTEN`, or all that there is.
WRITE_TIMEOUT = 20.0
MIN_WRITTEN = 100_000
# Unsent bytes of all connections of a process.
MAX_UNSENT = 32_000_000
# The system's own buffer for each connection. It reports progress by about a third of this, so it must
# not be much longer than `MIN_WRITTEN`.
SEND_BUFFER = 256 * 1024
# On, for no time.
_NO_LINGER = struct.pack("ii", 1, 0)


class WriteTimeout(asyncio.Protocol):
    """Limits how slowly a client may read; stands before a server's protocol among the base classes.

    The server's `pause_writing` is called with the first byte that the system does not take, and
    `resume_writing` when all are sent.
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
    """The unsent bytes of many connections. Beyond `MAX_UNSENT` the connection that has had some for
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
    """Abort a connection together with the bytes that the system holds of it."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


_unsent = UnsentBytes()
