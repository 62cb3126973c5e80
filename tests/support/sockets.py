"""Servers of bare sockets, and free ports."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# Below the ports that a system gives to connections and to servers on any port: none takes a free one.
_FIRST_PORT, _LAST_PORT = 20_000, 32_000


@contextmanager
def accepting(serve: Callable[[socket.socket, int], None]) -> Iterator[str]:
    """Run a server that calls `serve` with each connection and its number; return its address.

    At the end, wait for all connections.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(connection, len(threads))))
            threads[-1].start()

    taking = threading.Thread(target=accept)
    taking.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in (taking, *threads):
            thread.join()


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    ports = range(_FIRST_PORT, _LAST_PORT)
    # Not seeded: other processes look for ports at the same time.
    for port in random.SystemRandom().sample(ports, len(ports)):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no free port")
