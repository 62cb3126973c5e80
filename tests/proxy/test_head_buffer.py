"""`pyflickr-web serve` writes a response's head and body at once, and delays nothing else."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from pyflickr_web.serve import protocol
from pyflickr_web.serve.head_buffer import HeadBuffer
from tests.support import web_servers
from tests.support.timeouts import TIMEOUT

END = b"\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: a" + END
BODY = b"HTTP/1.1 is how this body begins"
# A text that is never sent: read until the connection is closed.
CLOSE = b"never sent"


class RecordingTransport:
    """A transport that records each write."""

    def __init__(self, transport: asyncio.Transport, sent: list[bytes]) -> None:
        self._transport = transport
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._sent.append(data)
        self._transport.write(data)


@pytest.fixture
def sent_data(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The writes of servers, in a list that grows."""
    sent: list[bytes] = []
    monkeypatch.setattr(
        protocol,
        "HeadBuffer",
        lambda transport: HeadBuffer(RecordingTransport(transport, sent)),  # type: ignore[arg-type]
    )
    return sent


async def answer_body(scope: Any, receive: Any, send: Any) -> None:
    """Answer with `BODY` after the whole request."""
    while (await receive()).get("more_body"):
        """Ignore the body."""
    status = {"/204": 204, "/304": 304}.get(scope["path"], 200)
    body = BODY if status == 200 else b""
    headers = [(b"content-length", b"%d" % len(body))] if body else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def connect(app: Any, loop: str, request: bytes) -> Iterator[socket.socket]:
    """Run a server like that of `serve`, send it a request, and yield the connection."""
    with web_servers.in_loop(
        app, http=protocol.HeadTimeoutProtocol, lifespan="off", loop=loop
    ) as url:
        address = urlsplit(url)
        with socket.create_connection(
            (address.hostname, address.port), timeout=TIMEOUT
        ) as connection:
            connection.sendall(request)
            yield connection


def receive_until(connection: socket.socket, end: bytes, times: int = 1) -> bytes:
    """Return received bytes up to `end`, or up to the end of the connection; fails after its timeout."""
    received = b""
    while received.count(end) < times and (piece := connection.recv(65536)):
        received += piece
    return received


def test_head_and_body_are_sent_at_once(sent_data: list[bytes], loop: str) -> None:
    with connect(answer_body, loop, GET * 3) as connection:
        received = receive_until(connection, BODY, times=3)
    assert len(sent_data) == 3
    assert all(
        each.startswith(b"HTTP/1.1 200 OK\r\n") and each.endswith(BODY) for each in sent_data
    )
    assert received == b"".join(sent_data)
    assert received.count(b"HTTP/1.1 200 OK\r\n") == 3


@pytest.mark.parametrize("request_line", [b"HEAD /", b"GET /204", b"GET /304"])
def test_answer_without_a_body_is_sent(
    sent_data: list[bytes], loop: str, request_line: bytes
) -> None:
    request = request_line + b" HTTP/1.1\r\nHost: a" + END
    with connect(answer_body, loop, request * 2) as connection:
        received = receive_until(connection, END, times=2)
    assert received.count(END) == 2
    assert received.endswith(END)
    assert len(sent_data) == 2


def test_expect_100_continue_is_answered(loop: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue" + END
    with connect(answer_body, loop, head) as connection:
        assert receive_until(connection, END) == b"HTTP/1.1 100 Continue" + END
        connection.sendall(b"{}")
        assert receive_until(connection, BODY).endswith(END + BODY)


def test_connection_that_is_closed_behind_an_answer_has_all_of_it(loop: str) -> None:
    for line in (b"GET /", b"GET /204", b"HEAD /"):
        request = line + b" HTTP/1.1\r\nHost: a\r\nConnection: close" + END
        with connect(answer_body, loop, request) as connection:
            received = receive_until(connection, CLOSE)
        assert received.startswith(b"HTTP/1.1 20")
        assert received.endswith(END + BODY if line == b"GET /" else END)


def test_malformed_request_is_refused(loop: str) -> None:
    with connect(answer_body, loop, b"NONSENSE" + END) as connection:
        received = receive_until(connection, CLOSE)
    assert received.startswith(b"HTTP/1.1 400 ")


def test_pieces_of_a_long_answer_come_as_they_are_sent(loop: str) -> None:
    seen = threading.Event()

    async def streaming(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in (b"1", b"2"):
            await send({"type": "http.response.body", "body": BODY + number, "more_body": True})
            await asyncio.to_thread(seen.wait, TIMEOUT)
            seen.clear()
        await send({"type": "http.response.body"})

    with connect(streaming, loop, GET) as connection:
        for number in (b"1", b"2"):
            assert BODY + number in receive_until(connection, BODY + number)
            seen.set()
        assert receive_until(connection, b"0" + END).endswith(b"0" + END)


def test_disconnect_before_the_body_logs_nothing(
    loop: str, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()

    async def waiting(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await receive()
        assert await receive() == {"type": "http.disconnect"}
        await send({"type": "http.response.body", "body": BODY})
        done.set()

    with connect(waiting, loop, GET) as connection:
        connection.close()
        assert done.wait(TIMEOUT)
    assert caplog.records == []


def test_head_of_an_answer_that_fails_is_sent(loop: str) -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError

    with connect(failing, loop, GET) as connection:
        received = receive_until(connection, CLOSE)
    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.endswith(END)
