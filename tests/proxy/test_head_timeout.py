"""Clients of `pyflickr-web serve` that send an endless head."""

from __future__ import annotations

import json
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from pyflickr_web import AsyncFlickr
from pyflickr_web.proxy import proxy_asgi
from pyflickr_web.serve import limits
from pyflickr_web.serve.limits import HEAD_TIMEOUT
from tests.support import web_servers
from tests.support.timeouts import TIMEOUT

ECHO = {"method": "flickr.test.echo"}
# Seconds for the head of a client that is too slow.
SHORT = 0.2


@pytest.mark.parametrize(
    "before", [b"", b"GET /?method=flickr.test.echo HTTP/1.1\r\nHost: a\r\n\r\n"]
)
@pytest.mark.parametrize("drip", [b"", b"a"])
def test_connection_with_a_slow_head_is_closed(
    monkeypatch: pytest.MonkeyPatch, protocol: dict[str, Any], before: bytes, drip: bytes
) -> None:
    if before and "headers" in protocol:
        pytest.skip("a connection is closed after one answer")
    if not before:
        monkeypatch.setattr(limits, "HEAD_TIMEOUT", SHORT)
    app = proxy_asgi(AsyncFlickr.token_only(api_key="nobodys-key"))
    with web_servers.in_loop(app, **protocol) as url:
        address = urlsplit(url)
        with socket.create_connection(
            (address.hostname, address.port), timeout=TIMEOUT
        ) as connection:
            over = threading.Event()
            connection.sendall(before)
            if before:
                assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
                # Not before, for this request has to come in time.
                monkeypatch.setattr(limits, "HEAD_TIMEOUT", SHORT)
            connection.sendall(b"GET / HTTP/1.1\r\nX-Long: ")

            def send() -> None:
                while drip and not over.wait(0.01):
                    try:
                        connection.sendall(drip)
                    except OSError:
                        return

            dripping = threading.Thread(target=send)
            dripping.start()
            try:
                with pytest.raises(ConnectionResetError):
                    while connection.recv(65536):
                        """The answer to the request before."""
                    raise ConnectionResetError
            finally:
                over.set()
                dripping.join()
        monkeypatch.setattr(limits, "HEAD_TIMEOUT", HEAD_TIMEOUT)
        # Complete requests are answered, on a persistent connection.
        with requests.Session() as session:
            for _ in range(3):
                assert session.post(url, json=ECHO, timeout=TIMEOUT).json()["stat"] == "ok"


FLOODS = {
    "head": (b"GET / HTTP/1.1\r\nX-Long: ", b"a"),
    "headers": (b"GET / HTTP/1.1\r\n", b"X-One: a\r\n"),
    "trailers": (
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n",
        b"X-One: a\r\n",
    ),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_endless_head_or_trailers_are_cut_off_before_they_fill_memory(
    monkeypatch: pytest.MonkeyPatch, protocol: dict[str, Any], flood: str
) -> None:
    # So that the timeout is not the reason.
    monkeypatch.setattr(limits, "HEAD_TIMEOUT", 600.0)
    start, more = FLOODS[flood]
    app = proxy_asgi(AsyncFlickr.token_only(api_key="nobodys-key"))
    with web_servers.in_loop(app, **protocol) as url:
        address = urlsplit(url)
        with socket.create_connection(
            (address.hostname, address.port), timeout=TIMEOUT
        ) as connection:
            sent = 0
            with pytest.raises((ConnectionResetError, BrokenPipeError)):
                connection.sendall(start)
                # The system buffers only a few megabytes.
                while sent < 64_000_000:
                    connection.sendall(more * 10_000)
                    sent += len(more) * 10_000
        assert sent < 64_000_000


def test_trailers_are_no_headers(protocol: dict[str, Any]) -> None:
    """A server in front may pass on a client's trailers after its own headers (RFC 9110, 6.5.1)."""
    app = proxy_asgi(AsyncFlickr.token_only(api_key="nobodys-key"), hosts=["good.example"])
    body = json.dumps(ECHO).encode()
    sent = (
        b"POST / HTTP/1.1\r\nHost: good.example\r\nContent-Type: application/json\r\n"
        b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n"
        b"Host: evil.example\r\nOrigin: http://evil.example\r\n\r\n" % (len(body), body)
    )
    with web_servers.in_loop(app, **protocol) as url:
        address = urlsplit(url)
        with socket.create_connection(
            (address.hostname, address.port), timeout=TIMEOUT
        ) as connection:
            connection.sendall(sent)
            received = b""
            while piece := connection.recv(65536):
                received += piece
    assert received.startswith(b"HTTP/1.1 200 ")


@pytest.mark.soak
def test_long_body_in_small_chunks_is_no_flood(protocol: dict[str, Any]) -> None:
    app = proxy_asgi(AsyncFlickr.token_only(api_key="nobodys-key"))
    text = json.dumps(ECHO).encode() + b" " * 200_000
    with web_servers.in_loop(app, **protocol) as url:
        answer = requests.post(
            url,
            data=(text[at : at + 1] for at in range(len(text))),
            headers={"Content-Type": "application/json"},
            timeout=TIMEOUT,
        )
    assert answer.json()["stat"] == "ok"
