"""The socket of `pyflickr-web serve`, and the settings of uvicorn."""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Any

import uvicorn

from pyflickr_web.proxy.calls.origins import LOOPBACK

# Seconds for requests in flight when the server stops, added to the timeout of Flickr's calls.
GRACE = 5
# `HeadTimeoutProtocol` uses undocumented parts of uvicorn, which may change in later versions.
_SUPPORTED = ((0, 34), (0, 55))


class ListenError(Exception):
    """The server cannot listen on an address."""


def supports_uvicorn(version: str = uvicorn.__version__) -> bool:
    """Return True for a version of uvicorn that `HeadTimeoutProtocol` supports."""
    release = tuple(int(part) for part in version.split(".")[:2])
    return _SUPPORTED[0] <= release < _SUPPORTED[1]


def server_settings(timeout: float, supported: bool) -> dict[str, Any]:
    """Return uvicorn's settings for calls of Flickr that take up to `timeout` seconds."""
    return {
        "factory": True,
        "ws": "none",
        # `serve` has its own access log, and reads forwarded headers itself, because uvicorn trusts
        # any address of this machine.
        "access_log": False,
        "proxy_headers": False,
        "server_header": False,
        "log_level": "warning",
        "timeout_graceful_shutdown": int(timeout) + GRACE,
        **protocol_settings(supported),
    }


def protocol_settings(supported: bool) -> dict[str, Any]:
    """Return the settings of uvicorn's protocol, for a supported version or for any other."""
    if supported:
        from pyflickr_web.serve.protocol import HeadTimeoutProtocol

        return {"http": HeadTimeoutProtocol}
    from pyflickr_web.serve.single_request import SingleRequestProtocol

    return {"http": SingleRequestProtocol, "headers": [("connection", "close")]}


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address of this machine. Raises `ListenError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # On ::, listen for IPv4 too, as uvicorn's worker processes do.
        both = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(
            (host, port), family=family, backlog=2048, dualstack_ipv6=both
        )
    except OSError as error:
        # Python appends the address to the reason.
        reason = str(error.strerror).partition(" (while")[0]
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            problem = f"cannot listen on port {port} of {host!r} ({reason}): choose another port"
        else:
            problem = f"cannot listen on {host!r} ({reason}): choose an address of this machine"
        raise ListenError(problem) from None
    return listener


def loopback_names(host: str, listener: socket.socket) -> list[str]:
    """Return the host names of a server on a loopback address; empty for other addresses.

    Other names that resolve to this machine may belong to a hostile page (DNS rebinding).
    """
    address = ipaddress.ip_address(listener.getsockname()[0])
    if not address.is_loopback:
        return []
    return [*LOOPBACK, host, str(address)]


def address_of(listener: socket.socket) -> str:
    """Return the URL of a server."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
