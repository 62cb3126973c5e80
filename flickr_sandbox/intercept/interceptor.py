"""`Interceptor`: the proxy of a sandbox, with its certificates and connections."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from aiohttp import web

from flickr_sandbox.intercept.certificates import create_authority
from flickr_sandbox.intercept.connections import Connections
from flickr_sandbox.intercept.guard import Guard, OnRefusal
from flickr_sandbox.intercept.hosts import Authority

_LOCAL = ("localhost", "127.0.0.1", "::1")


class Interceptor:
    """Serves a sandbox's listener as a proxy, too.

    `folder` receives the `certificate` of its authority. `host` and `port` are the listener's: a
    client that sends all requests to the proxy also finds the sandbox itself. `on_refusal` is called
    with verb and host of each refused request.
    """

    def __init__(self, folder: Path, host: str, port: int, on_refusal: OnRefusal) -> None:
        self.certificate, self._context = create_authority(folder)
        own = frozenset(Authority(name, port) for name in (*_LOCAL, host.lower()))
        self.guard = Guard(own, on_refusal)

    async def listen(self, server: web.Server, listener: socket.socket) -> None:
        """Accept connections, and let `server` answer their requests."""
        self._connections = Connections(server, self._context, self.guard)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connections.accept, sock=listener)

    def stop_listening(self) -> None:
        """Accept no more connections."""
        self._server.close()

    async def close(self) -> None:
        """Close all connections, and delete the certificate: without its authority it is of no use."""
        await self._connections.close()
        self.certificate.unlink(missing_ok=True)
