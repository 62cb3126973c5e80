"""Connections to the proxy: tunnels, broken heads, certificates, and the end of a sandbox."""

from __future__ import annotations

import contextlib
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flickr_sandbox import Sandbox
from tests.support.timeouts import TIMEOUT

ECHO = "GET /services/rest/?method=flickr.test.null HTTP/1.1\r\nHost: {host}\r\n"


def connect(sandbox: Sandbox) -> socket.socket:
    parts = urlsplit(sandbox.url)
    assert parts.hostname and parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT)


def read_all(connection: socket.socket) -> str:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts).decode()


def tunnel(connection: socket.socket, target: str) -> str:
    connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    return connection.recv(65536).decode()


@pytest.mark.parametrize("target", ["api.flickr.com:80", "{own}"])
def test_tunnel_to_another_port_than_443_is_plain(proxy: Sandbox, target: str) -> None:
    host = target.format(own=urlsplit(proxy.url).netloc)
    with connect(proxy) as connection:
        assert tunnel(connection, host) == "HTTP/1.1 200 Connection established\r\n\r\n"
        connection.sendall((ECHO.format(host=host) + "Connection: close\r\n\r\n").encode())
        assert 'err code="100"' in read_all(connection)


def test_head_in_single_bytes_is_read(proxy: Sandbox) -> None:
    context = ssl.create_default_context(cafile=proxy.proxy_environ["SSL_CERT_FILE"])
    with connect(proxy) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"CONNECT up.flickr.com:443 HTTP/1.1\r\n\r\n":
            connection.sendall(bytes([byte]))
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        with context.wrap_socket(connection, server_hostname="up.flickr.com") as encrypted:
            request = ECHO.format(host="up.flickr.com") + "Connection: close\r\n\r\n"
            encrypted.sendall(request.encode())
            assert 'err code="100"' in read_all(encrypted)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("CONNECT \r\n\r\n", 403),
        ("CONNECT example.com HTTP/1.1\r\n\r\n", 403),
        ("CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n", 403),
        ("CONNECT www.flickr.com:22 HTTP/1.1\r\n\r\n", 403),
        ("CONNECT www.flickr.com:443 HTTP/1.1\r\n\r\nearly", 400),
        ("CONNECT " + "x" * 70_000, 431),
    ],
)
def test_invalid_connect_is_refused(proxy: Sandbox, head: str, status: int) -> None:
    with connect(proxy) as connection:
        connection.sendall(head.encode())
        answer = read_all(connection)
    first, _, body = answer.partition("\r\n")
    assert first.startswith(f"HTTP/1.1 {status} ")
    assert body.endswith(f"\r\n\r\n{first.split(' ', 2)[2]}\n")


def test_failed_handshake_closes_the_connection(proxy: Sandbox) -> None:
    with connect(proxy) as connection:
        assert "200" in tunnel(connection, "www.flickr.com:443")
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert "HTTP" not in read_all(connection)


def test_certificate_is_a_file_without_a_key_until_the_end(tmp_path: Path) -> None:
    with Sandbox(photos=3, data=tmp_path, intercept=True) as sandbox:
        file = Path(sandbox.proxy_environ["SSL_CERT_FILE"])
        assert file.parent == tmp_path
        found = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert not any(b"PRIVATE KEY" in content for content in found)
        first = file.read_text()
    assert not file.exists()
    with Sandbox(photos=3, data=tmp_path, intercept=True) as sandbox:
        assert file.read_text() != first


def test_sandbox_ends_with_open_connections_of_every_kind() -> None:
    with Sandbox(photos=3, intercept=True) as sandbox:
        context = ssl.create_default_context(cafile=sandbox.proxy_environ["SSL_CERT_FILE"])
        silent, started, established, encrypted = (connect(sandbox) for _ in range(4))
        started.sendall(b"CONNECT www.flickr")
        assert "200" in tunnel(established, "www.flickr.com:443")
        assert "200" in tunnel(encrypted, "www.flickr.com:443")
        secure = context.wrap_socket(encrypted, server_hostname="www.flickr.com")
        secure.sendall((ECHO.format(host="www.flickr.com") + "\r\n").encode())
        assert secure.recv(65536)
    for connection in (silent, started, established, secure):
        with contextlib.suppress(ConnectionResetError, ssl.SSLError):
            assert connection.recv(65536) in (b"",)
        connection.close()
