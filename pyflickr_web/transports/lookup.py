"""The effect of looking a host's addresses up, which tells redirects into a private network."""

from __future__ import annotations

import ipaddress
import socket

from pyflickr_web.core.flow import BlockingEffect


class LookUp(BlockingEffect):
    """An effect that is answered with the addresses of `host`; with none if its name is unknown."""

    def __init__(self, host: str) -> None:
        self.host = host

    def perform(self) -> list[str]:
        """Return the addresses."""
        try:
            found = socket.getaddrinfo(self.host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        return [str(address[0]) for *_, address in found]


def is_global(address: str) -> bool:
    """Return True if an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast
