"""Clients of `pyflickr-web serve` that send requests endlessly."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from pyflickr_web.serve import limits
from pyflickr_web.serve.server import protocol_settings
from tests.support import web_servers
from tests.support.timeouts import TIMEOUT

BODY = b"answered"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
# Bytes of a flood that a server may read: two reads of asyncio's, and a margin.
FEW_READS = 1_000_000


class Slow:
    """An application that answers after `may_answer`; `begun` counts its requests."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_answer = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.begun += 1
        await asyncio.to_thread(self.may_answer.wait, TIMEOUT)
        headers = [(b"content-length", b"%d" % len(BODY))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BODY})


def answers_of(settings: dict[str, Any], requests: int) -> tuple[bytes, int]:
    """Send `requests` at once; return the answers, and the number that reached the application."""
    app = Slow()
    app.may_answer.set()
    with web_servers.in_loop(app, **settings) as url:
        address = urlsplit(url)
        with socket.create_connection(
            (address.hostname, address.port), timeout=TIMEOUT
        ) as connection:
            connection.sendall(GET * requests)
            received = b""
            with suppress(ConnectionResetError):
                while received.count(BODY) < requests and (piece := connection.recv(65536)):
                    received += piece
    return received, app.begun


def test_requests_up_to_the_limit_are_all_answered(loop: str) -> None:
    settings = {**protocol_settings(True), "lifespan": "off", "loop": loop}
    received, begun = answers_of(settings, limits.MAX_PIPELINED)
    assert begun == received.count(b"HTTP/1.1 200 OK\r\n") == limits.MAX_PIPELINED


def test_connection_is_closed_behind_the_requests_up_to_the_limit(
    server_settings: dict[str, Any],
) -> None:
    received, begun = answers_of(server_settings, 3 * limits.MAX_PIPELINED)
    answered = 1 if "headers" in server_settings else limits.MAX_PIPELINED
    assert begun == received.count(b"HTTP/1.1 200 OK\r\n") == answered
    assert received.endswith(BODY)


def test_flood_of_requests_is_neither_parsed_nor_kept(server_settings: dict[str, Any]) -> None:
    protocol = server_settings["http"]
    read, parsed, app = 0, 0, Slow()

    class CountingProtocol(protocol):  # type: ignore[misc, valid-type]
        def data_received(self, data: bytes) -> None:
            nonlocal read
            read += len(data)
            super().data_received(data)

        def on_headers_complete(self) -> None:
            nonlocal parsed
            parsed += 1
            super().on_headers_complete()

    with web_servers.in_loop(app, **{**server_settings, "http": CountingProtocol}) as url:
        address = urlsplit(url)
        with socket.create_connection(
            (address.hostname, address.port), timeout=TIMEOUT
        ) as connection:
            sent = threading.Event()

            def flood() -> None:
                with suppress(OSError):
                    # The system buffers only a few megabytes.
                    for _ in range(64):
                        connection.sendall(GET * 40_000)
                        sent.set()

            flooding = threading.Thread(target=flood)
            flooding.start()
            assert sent.wait(TIMEOUT)
            kept = read
            app.may_answer.set()
            flooding.join()
    assert kept < FEW_READS
    assert parsed <= limits.MAX_PIPELINED
    assert app.begun <= limits.MAX_PIPELINED


def test_request_for_a_websocket_is_answered_as_any_other(server_settings: dict[str, Any]) -> None:
    app = Slow()
    app.may_answer.set()
    with web_servers.in_loop(app, ws="none", **server_settings) as url:
        address = urlsplit(url)
        with socket.create_connection(
            (address.hostname, address.port), timeout=TIMEOUT
        ) as connection:
            connection.sendall(
                b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
