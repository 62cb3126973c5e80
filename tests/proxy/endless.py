"""An upstream that does not come to an end: silent, or a byte at a time for ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


DRIPPING_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Long: "


@contextmanager
def endless(drip: bytes, head: bytes = HEAD) -> Iterator[str]:
    """Its address. It answers nothing at all, or a head and then `drip` without pause: in chunks, or
    after `DRIPPING_HEAD` in a header that does not end."""
    dripped = drip if head == DRIPPING_HEAD else b"%x\r\n%s\r\n" % (len(drip), drip)
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            if not drip:
                over.wait()
                return
            try:
                connection.sendall(head)
                while not over.is_set():
                    connection.sendall(dripped)
                    over.wait(0.005)
            except OSError:
                """The proxy has had enough."""

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(connection,)))
            threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for thread in threads:
            thread.join()
