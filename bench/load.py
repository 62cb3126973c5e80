"""Generate load over raw connections, each with one request in flight."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import uvloop

HOST = "127.0.0.1"
OK = b'"stat":"ok"'


@dataclass(slots=True)
class LoadResult:
    """The result of a load: seconds for each answer, seconds in total, failed requests."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    failed: int = 0

    @property
    def rate(self) -> float:
        """The requests per second."""
        return len(self.times) / self.seconds

    @property
    def mean(self) -> float:
        """The mean milliseconds for an answer."""
        return statistics.fmean(self.times) * 1000

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which a share of the answers arrived."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def call(path: str, arguments: dict[str, str]) -> bytes:
    """Return a call of a proxy, as a page sends it."""
    body = json.dumps({"method": "flickr.photos.search", **arguments}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def different(path: str) -> Iterator[bytes]:
    """Yield calls that are all different."""
    page = 0
    while True:
        page += 1
        yield call(path, {"text": "red panda", "page": str(page)})


def same(path: str) -> Iterator[bytes]:
    """Yield the same call again and again."""
    one = call(path, {"text": "red panda"})
    while True:
        yield one


def run(
    port: int, connections: int, calls: Iterator[bytes], stop: Callable[[int], bool]
) -> LoadResult:
    """Send calls to a server until `stop`, given the number of started calls, returns True."""
    return uvloop.run(_run(port, connections, calls, stop))


async def _run(
    port: int, connections: int, calls: Iterator[bytes], stop: Callable[[int], bool]
) -> LoadResult:
    loop = asyncio.get_running_loop()
    load = _Load(calls, stop, loop.create_future())
    open_connections = []
    # Wait for one answer on each connection: the system accepts connections before the server does, and
    # servers on libuv accept one per turn of their loop, between requests of other connections.
    for _ in range(connections):
        _, connection = await loop.create_connection(lambda: _Connection(load), HOST, port)
        open_connections.append(connection)
    await asyncio.gather(*(connection.accepted for connection in open_connections))
    start = time.perf_counter()
    for connection in open_connections:
        connection.ask()
    await load.done
    load.result.seconds = time.perf_counter() - start
    return load.result


@dataclass(slots=True)
class _Load:
    calls: Iterator[bytes]
    stop: Callable[[int], bool]
    done: asyncio.Future[None]
    result: LoadResult = field(default_factory=LoadResult)
    started: int = 0
    open: int = 0


class _Connection(asyncio.Protocol):
    def __init__(self, load: _Load) -> None:
        self._load = load
        self._received = bytearray()
        self._expected_length = 0
        self._sent_at = 0.0
        self.accepted = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport has the methods, but not the base class.
        self._transport = cast(asyncio.WriteTransport, transport)
        self._load.open += 1
        self._transport.write(next(self._load.calls))

    def ask(self) -> None:
        load = self._load
        if load.stop(load.started):
            self._transport.close()
            return
        load.started += 1
        self._received.clear()
        self._expected_length = 0
        self._sent_at = time.perf_counter()
        self._transport.write(next(load.calls))

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._expected_length:
            head = self._received.find(b"\r\n\r\n")
            if head < 0:
                return
            fields = bytes(self._received[:head]).lower()
            self._expected_length = (
                head + 4 + int(fields.split(b"content-length:")[1].split(b"\r\n")[0])
            )
        if len(self._received) < self._expected_length:
            return
        if not self.accepted.done():
            self.accepted.set_result(None)
            return
        if self._received.startswith(b"HTTP/1.1 200 ") and OK in self._received:
            self._load.result.times.append(time.perf_counter() - self._sent_at)
        else:
            self._load.result.failed += 1
        self._expected_length = 0
        self._sent_at = 0.0
        self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.accepted.done():
            self.accepted.set_exception(error or ConnectionResetError())
        if self._sent_at:
            self._load.result.failed += 1
        self._load.open -= 1
        if not self._load.open and not self._load.done.done():
            self._load.done.set_result(None)
