"""Ports for servers that cannot be given a listening socket."""

from __future__ import annotations

import socket


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
