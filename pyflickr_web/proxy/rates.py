"""How often: what a caller may have, and what all of them may have of a key."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from typing import TYPE_CHECKING

from pyflickr_web.proxy.effects import Take
from pyflickr_web.proxy.message import ProxyRequest, Refused, Visitor

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.proxy.policy import Policy


def count(policy: Policy, request: ProxyRequest, visitor: Visitor | None) -> Flow:
    """Counts a request, of a visitor who is known by name, else of a client. Raises `Refused` (429)."""
    if policy.rate:
        who = (visitor and visitor.name and f"visitor {visitor.name}") or client_of(request)
        yield from _taken(policy.rate, who, "you call too often")


def charge(policy: Policy, key: str) -> Flow:
    """Counts a call of Flickr with a key. Raises `Refused` (429)."""
    if policy.key_rate:
        # What counts by key is kept under what does not tell it.
        who = hashlib.sha256(key.encode()).hexdigest()
        yield from _taken(policy.key_rate, f"key {who}", "this site has used up its calls")


def client_of(request: ProxyRequest) -> str:
    """Who asks, for limits: a network address, of which a household of IPv6 has many."""
    try:
        address = ipaddress.ip_address(request.client)
    except ValueError:
        return "client"
    # How a server of both families tells of IPv4 (RFC 4291, section 2.5.5.2).
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 6:
        return f"client {ipaddress.ip_network((address, 64), strict=False).network_address}"
    return f"client {address}"


def _taken(rate: str, who: str, message: str) -> Flow:
    """Raises `Refused` (429) where a rate is used up."""
    seconds = yield Take(rate, who)
    if seconds:
        headers = {"retry-after": str(math.ceil(seconds))}
        raise Refused(429, f"{message}: try again in a while", headers=headers)
