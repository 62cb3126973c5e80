"""An upstream whose answers never end: it is silent, or sends a byte at a time for ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.sockets import accepting

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


DRIPPING_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Long: "


@contextmanager
def endless(drip: bytes, head: bytes = HEAD) -> Iterator[str]:
    """Run the server and return its address.

    It sends nothing if `drip` is empty, or else a head and then `drip` again and again: in chunks, or,
    after `DRIPPING_HEAD`, in a header that never ends.
    """
    dripped = drip if head == DRIPPING_HEAD else b"%x\r\n%s\r\n" % (len(drip), drip)
    over = threading.Event()

    def serve(connection: socket.socket, _: int) -> None:
        with connection:
            connection.recv(65536)
            if not drip:
                over.wait()
                return
            try:
                connection.sendall(head)
                while not over.is_set():
                    connection.sendall(dripped)
                    # 600 bytes a second with their chunks, below the lowest rate of a body.
                    over.wait(0.01)
            except OSError:
                """The client has closed the connection."""

    with accepting(serve) as url:
        try:
            yield url
        finally:
            over.set()
