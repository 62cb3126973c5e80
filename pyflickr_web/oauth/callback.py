"""The option `callback`: the address to which Flickr sends a person who has answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from pyflickr_web.errors import OptionError

OOB = "oob"
"""No address: Flickr shows a code, which the person types (RFC 5849, section 2.1)."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.I)
_LOGIN_AND_QUERY = re.compile(r"(?<=://)[^/?#]*@|[?#].*")


@dataclass(frozen=True, slots=True)
class LoopbackAddress:
    """An address on this machine: where to listen, and the path that the browser comes to."""

    url: str
    host: str
    port: int
    path: str


def require_address(callback: str | None) -> str:
    """Return a callback that is an address. Raises `OptionError` for another, and without one."""
    if not callback or callback == OOB:
        raise OptionError(
            "begin needs callback: the address to which Flickr sends the visitor back"
        )
    if not _ADDRESS.fullmatch(callback):
        raise OptionError(
            f"invalid callback {_hide_login(callback)!r}: begin needs an address, e.g. "
            "https://example.org/callback"
        )
    return callback


def read_loopback(callback: str | None) -> LoopbackAddress | None:
    """Return the address to listen at; None for `oob`, and without a callback.

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
    """Return an address without what it may hold of a login."""
    return _LOGIN_AND_QUERY.sub("", callback)
