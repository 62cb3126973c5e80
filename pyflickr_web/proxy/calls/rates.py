"""Rate limits by caller and by API key, and the keys by which callers are counted."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pyflickr_web.proxy.calls.effects import RateHit
from pyflickr_web.proxy.calls.message import ProxyRequest, Refusal, Visitor

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.proxy.calls.policy import Policy

# The longest part of a network address that is read: only a zone, after `%`, is longer.
LONGEST_ADDRESS = 64


def count_request(policy: Policy, request: ProxyRequest, visitor: Visitor | None) -> Flow:
    """Count a request of a named visitor, else of a client. Raises `Refusal` (429)."""
    if policy.rate:
        caller = _name_of(visitor) or client_key(request)
        yield from _hit(policy.rate, caller, "too many calls from you")


def count_key_call(policy: Policy, key: str) -> Flow:
    """Count a call of Flickr with an API key. Raises `Refusal` (429)."""
    if policy.key_rate:
        # The counter's name must not contain the API key.
        caller = hashlib.sha256(key.encode()).hexdigest()
        yield from _hit(
            policy.key_rate, f"key {caller}", "this site has used up its calls of Flickr"
        )


def in_flight_key(request: ProxyRequest, visitor: Visitor | None) -> str | None:
    """Return the key by which `in_flight_each` counts a request: the visitor's name, else the client.

    None if the address may be that of a server in front, which has many clients.
    """
    if name := _name_of(visitor):
        return name
    client = _read_client(request)
    return client.key if client.is_global or (client.is_address and request.is_forwarded) else None


def client_key(request: ProxyRequest) -> str:
    """Return the key of a client in limits: its address; for IPv6 the /64 network of a household."""
    return _read_client(request).key


@dataclass(frozen=True, slots=True)
class _Client:
    key: str
    is_address: bool = True
    is_global: bool = False


def _read_client(request: ProxyRequest) -> _Client:
    # A server in front may send a string of any length, which the cache would keep.
    return _client(request.client[:LONGEST_ADDRESS])


@lru_cache(maxsize=1024)
def _client(text: str) -> _Client:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return _Client("client", is_address=False)
    # The form of IPv4 addresses on a dual-stack server (RFC 4291, section 2.5.5.2).
    address = getattr(address, "ipv4_mapped", None) or address
    key = f"client {address}"
    if address.version == 6:
        key = f"client {ipaddress.ip_network((address, 64), strict=False).network_address}"
    return _Client(key, is_global=address.is_global)


def _name_of(visitor: Visitor | None) -> str | None:
    return f"visitor {visitor.name}" if visitor and visitor.name else None


def _hit(rate: str, caller: str, message: str) -> Flow:
    """Count one call against a rate. Raises `Refusal` (429) if it is used up."""
    seconds = yield RateHit(rate, caller)
    if seconds:
        headers = {"retry-after": str(math.ceil(seconds))}
        raise Refusal(429, f"{message}: try again later", headers=headers)
