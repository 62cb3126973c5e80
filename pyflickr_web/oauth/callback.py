"""The option `callback`: the address to which Flickr redirects a user after authorization."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from pyflickr_web.transports.errors import OptionError

OOB = "oob"
"""Out of band, without an address: Flickr shows a code to type (RFC 5849, section 2.1)."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.I)
_LOGIN_AND_QUERY = re.compile(r"(?<=://)[^/?#]*@|[?#].*")


@dataclass(frozen=True, slots=True)
class LoopbackAddress:
    """An address on this machine: the host and port to listen at, and the path of the callback."""

    url: str
    host: str
    port: int
    path: str


def require_address(callback: str | None) -> str:
    """Return `callback` if it is an address. Raises `OptionError` if it is not, or is missing."""
    if not callback or callback == OOB:
        raise OptionError("begin needs callback: the address to which Flickr redirects the visitor")
    if not _ADDRESS.fullmatch(callback):
        raise OptionError(
            f"invalid callback {_hide_login(callback)!r}: begin needs an address, e.g. "
            "https://example.org/callback"
        )
    return callback


def read_loopback(callback: str | None) -> LoopbackAddress | None:
    """Return the address to listen at; None for `oob` or without a callback.

    Raises `OptionError` for an address at which this process cannot listen.
    """
    if not callback or callback == OOB:
        return None
    address = _parse_loopback(callback)
    if address is None:
        raise OptionError(
            f"callback {_hide_login(callback)!r} is neither oob nor a loopback address "
            "(http://127.0.0.1:8080/): for a web application use Flickr.begin and Flickr.exchange"
        )
    return address


def _parse_loopback(callback: str) -> LoopbackAddress | None:
    try:
        parts = urlsplit(callback)
        port = parts.port if parts.port is not None else 80
    except ValueError:
        return None
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    if (
        parts.scheme != "http"
        or not port
        or not _is_loopback(host)
        or not _ADDRESS.fullmatch(callback)
    ):
        return None
    return LoopbackAddress(callback, host, port, unquote(parts.path) or "/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _hide_login(callback: str) -> str:
    """Return an address without its user name, password and query."""
    return _LOGIN_AND_QUERY.sub("", callback)
