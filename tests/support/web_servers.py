"""Serve web applications, each in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import uvicorn

from tests.support.timeouts import TIMEOUT


class _ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # A connection that finds no place in the queue tries again after a second.
    request_queue_size = 100

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


@contextmanager
def in_threads(app: Any) -> Iterator[str]:
    """Serve a WSGI application; return its address without a final slash."""
    server = make_server("127.0.0.1", 0, app, _ThreadingServer, _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def in_loop(app: Any, **settings: Any) -> Iterator[str]:
    """Serve an ASGI application; return its address without a final slash."""
    started = threading.Event()

    class Server(uvicorn.Server):
        async def main_loop(self) -> None:
            # uvicorn's own loop checks ten times a second if it should stop.
            ending = asyncio.Event()
            loop = asyncio.get_running_loop()
            self.end = partial(loop.call_soon_threadsafe, ending.set)
            # Sets the headers that all answers have.
            await self.on_tick(0)
            started.set()
            await ending.wait()

        async def shutdown(self, sockets: Any = None) -> None:
            # uvicorn's own method pauses for a tenth of a second, even without connections.
            for listening in self.servers:
                listening.close()
            async with asyncio.timeout(TIMEOUT):
                # Again and again, for connections that were just being accepted.
                while self.server_state.connections or self.server_state.tasks:
                    for connection in list(self.server_state.connections):
                        connection.shutdown()
                    await asyncio.sleep(0.001)
                for listening in self.servers:
                    await listening.wait_closed()
            await self.lifespan.shutdown()

    server = Server(uvicorn.Config(app, "127.0.0.1", 0, log_level="critical", **settings))
    thread = threading.Thread(target=server.run)
    thread.start()
    assert started.wait(TIMEOUT)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.end()
        thread.join()
