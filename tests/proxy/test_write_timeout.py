"""Clients of `pyflickr-web serve` that do not read their answers, or read them slowly."""

from __future__ import annotations

import asyncio
import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest
import requests

from pyflickr_web import AsyncFlickr
from pyflickr_web.serve import access, limits
from pyflickr_web.serve.access import AccessLog
from pyflickr_web.serve.limits import WRITE_TIMEOUT, WriteTimeout
from pyflickr_web.serve.site import Site
from tests.proxy.slow_reader import begin_answer, send_request
from tests.support import web_servers
from tests.support.timeouts import TIMEOUT

# Longer than the system's buffers of a connection.
LONG = b"a" * 5_000_000
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Server:
    """A server like that of `serve`, with its address and an event for the end of a connection."""

    def __init__(self, settings: dict[str, Any]) -> None:
        protocol = settings["http"]
        self.url = ""
        self.lost = lost = threading.Event()

        class WatchedProtocol(protocol):  # type: ignore[misc, valid-type]
            def connection_lost(self, error: Exception | None) -> None:
                super().connection_lost(error)
                lost.set()

        self.settings = {**settings, "http": WatchedProtocol}

    @contextmanager
    def run(self, app: Any) -> Iterator[Server]:
        with web_servers.in_loop(app, **self.settings) as self.url:
            yield self

    def send_request(self, request: bytes = GET) -> AbstractContextManager[socket.socket]:
        """Send a request, read nothing, and yield the connection."""
        return send_request(self.url, request)

    def begin_answer(self, request: bytes) -> AbstractContextManager[socket.socket]:
        """Send a request, read only the first byte of the answer, and yield the connection."""
        return begin_answer(self.url, request)


async def long(scope: Any, receive: Any, send: Any) -> None:
    """Answer with more bytes than the system buffers."""
    headers = [(b"content-length", b"%d" % len(LONG))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": LONG})


def rest_of(connection: socket.socket) -> bytes:
    """Return all bytes until the connection ends."""
    received = bytearray()
    while piece := connection.recv(65536):
        received += piece
    return bytes(received)


def test_connection_of_a_client_that_does_not_read_is_aborted(
    monkeypatch: pytest.MonkeyPatch, server_settings: dict[str, Any]
) -> None:
    monkeypatch.setattr(limits, "WRITE_TIMEOUT", 0.1)
    # So that the line is written before the connection is lost, which ends the server.
    monkeypatch.setattr(access, "DELAY", 0)
    server, log = Server(server_settings), io.StringIO()
    with server.run(AccessLog(long, log)), server.send_request() as connection:
        assert server.lost.wait(TIMEOUT)
        # Not closed, which would end without an error.
        with pytest.raises(ConnectionResetError):
            rest_of(connection)
    assert log.getvalue().count("GET '/' 200 ") == 1


def test_connection_with_unread_bundles_is_aborted(
    monkeypatch: pytest.MonkeyPatch, server_settings: dict[str, Any]
) -> None:
    monkeypatch.setattr(limits, "WRITE_TIMEOUT", 0.1)
    # So that the system does not buffer a whole bundle.
    monkeypatch.setattr(limits, "SEND_BUFFER", 4096)
    request = b"GET /pyflickr_web.dev.py HTTP/1.1\r\nHost: a\r\n\r\n"
    server = Server(server_settings)
    with (
        server.run(Site(AsyncFlickr.token_only(api_key="nobodys-key"))),
        server.send_request(request * limits.MAX_PIPELINED) as connection,
    ):
        assert server.lost.wait(TIMEOUT)
        with pytest.raises(ConnectionResetError):
            rest_of(connection)
        # Another client gets the whole file, however slow this machine is.
        monkeypatch.setattr(limits, "WRITE_TIMEOUT", WRITE_TIMEOUT)
        answer = requests.get(f"{server.url}/pyflickr_web.dev.py", timeout=TIMEOUT)
        assert len(answer.content) == int(answer.headers["content-length"])


def test_client_that_pauses_gets_its_whole_answer(server_settings: dict[str, Any]) -> None:
    server = Server(server_settings)
    request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with server.run(long), server.begin_answer(request) as connection:
        assert rest_of(connection).endswith(b"\r\n\r\n" + LONG)


def test_unsent_bytes_are_bounded_over_all_connections(
    monkeypatch: pytest.MonkeyPatch, server_settings: dict[str, Any]
) -> None:
    # Two answers fit, and three do not.
    monkeypatch.setattr(limits, "MAX_UNSENT", 2 * len(LONG))
    server = Server(server_settings)
    request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with server.run(long), ExitStack() as stack:
        first, second = (stack.enter_context(server.begin_answer(request)) for _ in range(2))
        assert not server.lost.is_set()
        third = stack.enter_context(server.begin_answer(request))
        assert server.lost.wait(TIMEOUT)
        # The connection that has been waiting longest is aborted.
        with pytest.raises(ConnectionResetError):
            rest_of(first)
        assert rest_of(second).endswith(b"\r\n\r\n" + LONG)
        assert rest_of(third).endswith(b"\r\n\r\n" + LONG)


class Transport:
    """A transport with `unsent` bytes."""

    def __init__(self) -> None:
        self.unsent = 0
        self.aborted = False

    def set_write_buffer_limits(self, high: int) -> None:
        assert high == 0

    def get_extra_info(self, name: str) -> Any:
        assert name == "socket"
        return self

    def setsockopt(self, *option: Any) -> None:
        """Ignore socket options."""

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def abort(self) -> None:
        self.aborted = True


class Timer:
    """An event loop whose timers fire by `ring`."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], None]] = []

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        assert delay == limits.WRITE_TIMEOUT
        self.calls.append(call)
        return self

    def cancel(self) -> None:
        self.calls.clear()

    def ring(self) -> None:
        self.calls.pop(0)()


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> Timer:
    """The timer of all connections."""
    timer = Timer()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: timer)
    return timer


def test_client_may_read_at_the_lowest_rate_and_no_slower(timer: Timer) -> None:
    transport, protocol = Transport(), WriteTimeout()
    protocol.connection_made(transport)
    transport.unsent = 5 * limits.MIN_WRITTEN
    protocol.pause_writing()
    for _ in range(3):
        transport.unsent -= limits.MIN_WRITTEN
        timer.ring()
        assert not transport.aborted
    transport.unsent -= limits.MIN_WRITTEN - 1
    timer.ring()
    assert transport.aborted


def test_timer_stops_when_all_bytes_are_sent(timer: Timer) -> None:
    transport, protocol = Transport(), WriteTimeout()
    protocol.connection_made(transport)
    for end in (protocol.resume_writing, lambda: protocol.connection_lost(None)):
        transport.unsent = 1
        protocol.pause_writing()
        assert len(timer.calls) == 1
        end()
        assert timer.calls == []
