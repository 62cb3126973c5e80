"""A minimal server in its own process, so that only the client is measured."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import cast

import uvloop

BODY = b'{"stat":"ok","method":{"_content":"flickr.test.echo"}}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class _Protocol(asyncio.Protocol):
    def __init__(self, body: bytes) -> None:
        self._answer = HEAD % len(body) + body

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport has the methods, but not the base class.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        # Bodies in these benchmarks never contain an empty line.
        self._transport.write(self._answer * data.count(b"\r\n\r\n"))


async def _serve(port_pipe: Connection, body: bytes) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Protocol(body), "127.0.0.1", 0, backlog=2000)
    port_pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _run(port_pipe: Connection, body: bytes) -> None:
    uvloop.run(_serve(port_pipe, body))


@contextmanager
def serve(body: bytes = BODY) -> Iterator[str]:
    """Run a server that answers `body`; yield its address, without a trailing slash."""
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_run, args=(theirs, body), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()
