"""Connections to a sandbox that is also a proxy: tunnels by CONNECT (RFC 9110, 9.3.6), or plain HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from ssl import SSLContext

from aiohttp import web

from flickr_sandbox.intercept.guard import Guard
from flickr_sandbox.intercept.hosts import HTTPS, parse_authority

CONNECT = b"CONNECT "
END = b"\r\n\r\n"
LARGEST_HEAD = 16 * 1024
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@dataclass(slots=True)
class Connections:
    """The open connections. `server` answers their requests, `context` is for TLS in tunnels."""

    server: web.Server
    context: SSLContext
    guard: Guard
    open: set[asyncio.Transport] = field(default_factory=set)

    def accept(self) -> Connection:
        """Make the protocol of a new connection."""
        return Connection(self)

    def add(self, transport: asyncio.Transport) -> None:
        """Remember a connection, and forget those that are closed."""
        self.open = {transport, *(other for other in self.open if not other.is_closing())}

    async def close(self) -> None:
        """Close all connections at once: TLS would wait for the clients' farewell."""
        for transport in self.open:
            transport.abort()
        self.open.clear()
        # The transports call their protocols in the next turn of the loop.
        await asyncio.sleep(0)


class Connection(asyncio.Protocol):
    """The start of a connection, until it is handed over to the server."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._received = b""
        self._handle: Callable[[], None] = self._read_head
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first bytes."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(transport)

    def data_received(self, data: bytes) -> None:
        """Read the head of a CONNECT; after a handshake, keep the client's first bytes."""
        self._received += data
        self._handle()

    def _read_head(self) -> None:
        start = self._received[: len(CONNECT)]
        if not CONNECT.startswith(start):
            self._hand_over(self._transport)
        elif END in self._received:
            self._connect()
        elif len(self._received) > LARGEST_HEAD:
            self._refuse(431, "the head of the CONNECT is too large")

    def _connect(self) -> None:
        head, _, early = self._received.partition(END)
        target = head[len(CONNECT) :].partition(b" ")[0].decode("latin-1")
        authority = parse_authority(target, HTTPS)
        guard = self._connections.guard
        if not guard.accepts(authority):
            self._refuse(403, guard.refuse("CONNECT", target))
            return
        if early:
            self._refuse(400, "the client sent bytes before the answer to its CONNECT")
            return
        self._received = b""
        # The first bytes of the client wait until TLS or the server reads them.
        self._transport.pause_reading()
        self._transport.write(ESTABLISHED)
        if authority.port == HTTPS:
            self._handle = lambda: None
            self._task = asyncio.get_running_loop().create_task(self._start_tls())
        else:
            self._hand_over(self._transport)
            self._transport.resume_reading()

    async def _start_tls(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            encrypted = await loop.start_tls(
                self._transport, self, self._connections.context, server_side=True
            )
        except OSError:
            # The client left, or does not trust the certificate.
            self._transport.abort()
            return
        if encrypted and not encrypted.is_closing():
            self._hand_over(encrypted)

    def _hand_over(self, transport: asyncio.Transport) -> None:
        handler = self._connections.server()
        transport.set_protocol(handler)
        handler.connection_made(transport)
        if self._received:
            handler.data_received(self._received)

    def _refuse(self, status: int, reason: str) -> None:
        # Most programs show only the line of the status.
        text = f"{reason}\n"
        lines = (
            f"HTTP/1.1 {status} {reason}",
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Length: {len(text)}",
            "Connection: close",
        )
        self._handle = lambda: None
        self._transport.write("\r\n".join((*lines, "", text)).encode("ascii"))
        self._transport.close()
