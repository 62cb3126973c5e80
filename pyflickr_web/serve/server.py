"""The address and uvicorn's settings of `pyflickr-web serve`."""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Any

import uvicorn

from pyflickr_web.proxy.calls.origins import LOOPBACK

# Seconds that a request in flight may take when the server stops, beyond Flickr's own.
GRACE = 5
# The parts of uvicorn that `HeadTimeoutProtocol` uses are not documented: a later one may differ.
_SUPPORTED = ((0, 34), (0, 55))


class ListenError(Exception):
    """An address that cannot be listened on."""


def supports_uvicorn(version: str = uvicorn.__version__) -> bool:
    """Return True for a version of uvicorn that `HeadTimeoutProtocol` works with."""
    release = tuple(int(part) for part in version.split(".")[:2])
    return _SUPPORTED[0] <= release < _SUPPORTED[1]


def server_settings(timeout: float, supported: bool) -> dict[str, Any]:
    """Return the settings of a server whose calls of Flickr take up to `timeout` seconds."""
    return {
        "factory": True,
        "ws": "none",
        # `serve` has its own log and reads forwarded headers itself: uvicorn would trust any
        # address of this machine.
        "access_log": False,
        "proxy_headers": False,
        "server_header": False,
        "log_level": "warning",
        "timeout_graceful_shutdown": int(timeout) + GRACE,
        **protocol_settings(supported),
    }


def protocol_settings(supported: bool) -> dict[str, Any]:
    """Return the settings of the server's protocol, for a `supported` uvicorn or for any."""
    if supported:
        from pyflickr_web.serve.protocol import HeadTimeoutProtocol

        return {"http": HeadTimeoutProtocol}
    from pyflickr_web.serve.single_request import SingleRequestProtocol

    return {"http": SingleRequestProtocol, "headers": [("connection", "close")]}


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address of this machine. Raises `ListenError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # As uvicorn's own processes do, :: takes callers of IPv4 too.
        both = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(
            (host, port), family=family, backlog=2048, dualstack_ipv6=both
        )
    except OSError as error:
        # Python adds what it tried.
        why = str(error.strerror).partition(" (while")[0]
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            what = f"port {port} of {host!r} cannot be used ({why}): choose another"
        else:
            what = f"cannot listen on {host!r} ({why}): choose an address of this machine"
        raise ListenError(what) from None
    return listener


def loopback_names(host: str, listener: socket.socket) -> list[str]:
    """Return the host names of a server that only this machine reaches; none for another.

    A page of another site may have its name resolve to this machine (DNS rebinding), but not these.
    """
    address = ipaddress.ip_address(listener.getsockname()[0])
    if not address.is_loopback:
        return []
    return [*LOOPBACK, host, str(address)]


def address_of(listener: socket.socket) -> str:
    """Return the address at which a server is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
