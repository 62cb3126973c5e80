"""uvicorn's settings for `pyflickr-web serve`."""

from __future__ import annotations

from typing import Any

import uvicorn

# Seconds that a request in flight may take when the server stops, beyond Flickr's own.
GRACE = 5
# The parts of uvicorn that `HeadTimeoutProtocol` uses are not documented: a later one may differ.
_KNOWN = ((0, 34), (0, 55))


def knows_uvicorn(version: str = uvicorn.__version__) -> bool:
    """Return True for a version of uvicorn that `HeadTimeoutProtocol` works with."""
    release = tuple(int(part) for part in version.split(".")[:2])
    return _KNOWN[0] <= release < _KNOWN[1]


def server_settings(timeout: float, known: bool) -> dict[str, Any]:
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
        **protocol_settings(known),
    }


def protocol_settings(known: bool) -> dict[str, Any]:
    """Return the settings of the server's protocol, for a `known` uvicorn or for any."""
    if known:
        from pyflickr_web.serve.protocol import HeadTimeoutProtocol

        return {"http": HeadTimeoutProtocol}
    from pyflickr_web.serve.single_request import SingleRequestProtocol

    return {"http": SingleRequestProtocol, "headers": [("connection", "close")]}
