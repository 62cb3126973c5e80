"""Host names that a proxy answers to: a name that is rebound to this machine gets nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from pyflickr_web.errors import OptionError
from pyflickr_web.proxy.calls.message import ProxyRequest, Refused

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ANY = "*"
_NAME = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]"
_HOST_NAME = re.compile(_NAME)
# A name has up to 253 characters (RFC 1035), and may end with a dot and a port.
_LONGEST = 260
_HOST = re.compile(rf"({_NAME})\.?(?::[0-9]{{0,5}})?")


def read_host(text: str) -> str:
    """Return a host name of the setting `hosts` as browsers write it. Raises `OptionError`."""
    plain = text.lower().rstrip(".")
    if plain.count(":") > 1 and not plain.startswith("["):
        plain = f"[{plain}]"
    if plain != ANY and not _HOST_NAME.fullmatch(plain):
        raise OptionError(f"hosts: invalid name {text!r}: use e.g. example.org, without a port")
    return plain


def check_host(hosts: tuple[str, ...], request: ProxyRequest) -> None:
    """Raise `Refused` (421) unless the request's `Host` is one of `hosts`; without `hosts` any is."""
    if not hosts or ANY in hosts:
        return
    host = request.headers.get("host", "")
    # A name of any length would be kept.
    name = _name_in(host) if len(host) <= _LONGEST else ""
    if name not in hosts:
        problem = f"unknown host {name}" if name else "missing or invalid Host header"
        option = f"serve --host-name {name or 'NAME'}"
        raise Refused(421, f"{problem}: add the name to the setting hosts ({option})")


@lru_cache(maxsize=1024)
def _name_in(host: str) -> str:
    """Return the name in a `Host` header, without the port; empty if the header is malformed."""
    found = _HOST.fullmatch(host.lower())
    return found[1] if found else ""
