"""A client that does not read its answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.support.timeouts import TIMEOUT


@contextmanager
def send_request(url: str, request: bytes) -> Iterator[socket.socket]:
    """Send a request, read nothing, and yield the connection."""
    address = urlsplit(url)
    with socket.socket() as connection:
        connection.settimeout(TIMEOUT)
        # Set before connecting, so that it limits the window of TCP.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((address.hostname, address.port))
        connection.sendall(request)
        yield connection


@contextmanager
def begin_answer(url: str, request: bytes) -> Iterator[socket.socket]:
    """Send a request and read only the first byte of the answer; yield the connection."""
    with send_request(url, request) as connection:
        assert connection.recv(1) == b"H"
        yield connection
