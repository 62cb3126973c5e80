"""A client that does not read its answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


@contextmanager
def answer_begun(url: str, request: bytes) -> Iterator[socket.socket]:
    """A connection on which the first byte of the answer has come, and no more is read."""
    address = urlsplit(url)
    with socket.socket() as connection:
        connection.settimeout(20)
        # Set before it connects, so that the other side knows it.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((address.hostname, address.port))
        connection.sendall(request)
        assert connection.recv(1) == b"H"
        yield connection
