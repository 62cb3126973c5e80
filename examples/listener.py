"""The address of an example on this machine: its usual port, or a free one if that is in use."""

from __future__ import annotations

import argparse
import os
import socket

HOST = "127.0.0.1"
MAX_PORT = 65535


class PortInUseError(Exception):
    """A port that was asked for is in use, or not allowed: the port, and what to do, in one line."""


def add_port_option(parser: argparse.ArgumentParser, usual: int) -> None:
    """Add `--port` to the options of an example; without it, the value is None."""
    parser.add_argument(
        "--port",
        type=_parse_port,
        help=f"default: {usual}, or a free one if that is in use; 0 picks a free port",
    )


def _parse_port(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"invalid port {text!r}: use 0 to {MAX_PORT}")
    return int(text)


def open_listener(usual: int, requested: int | None = None) -> socket.socket:
    """Return a listening socket: at the requested port, else at the usual one, else at a free one.

    Raises `PortInUseError` if the requested port is not available.
    """
    try:
        return socket.create_server((HOST, usual if requested is None else requested))
    except OSError as error:
        if requested is not None:
            raise PortInUseError(
                f"port {requested} is not available ({os.strerror(error.errno or 0)}): "
                "choose another with --port, or leave it out"
            ) from None
    listener = socket.create_server((HOST, 0))
    print(f"Port {usual} is in use, so this takes port {listener.getsockname()[1]}", flush=True)
    return listener


def read_url(listener: socket.socket) -> str:
    """Return the address of a listening socket, for browsers."""
    return f"http://{HOST}:{listener.getsockname()[1]}/"
