"""The middleware of a sandbox that is also a proxy: it refuses hosts that are not Flickr's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from flickr_sandbox.intercept.hosts import (
    HTTP,
    HTTPS,
    Authority,
    Kind,
    parse_authority,
)

OnRefusal = Callable[[str, str], None]
_NO_HOST = re.compile(r"[^0-9A-Za-z.:_\[\]-]")
# The longest host name (RFC 1035, 2.3.4), which an answer repeats.
_LONGEST = 253
# Paths that Flickr's hosts of files do not have.
_NO_FILES = ("", "services", "sandbox")


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses hosts that are not Flickr's; `own` are the sandbox's own addresses.

    `on_refusal` is called with verb and host of each refused request.
    """

    own: frozenset[Authority]
    on_refusal: OnRefusal

    def accepts(self, authority: Authority) -> bool:
        """Return True if the proxy plays a host, or if it is the sandbox's own address."""
        return authority.kind is not None or authority in self.own

    def refuse(self, verb: str, host: str) -> str:
        """Report the refusal of a host; return its text, in one line of ASCII."""
        shown = _NO_HOST.sub("?", host)[:_LONGEST]
        self.on_refusal(verb, shown)
        return f"the sandbox refused {shown}: it only plays the hosts of Flickr"

    @property
    def middleware(self) -> Middleware:
        """The middleware for aiohttp."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            authority = requested_authority(request)
            # A path alone is a request to the sandbox itself, under any name of this machine.
            is_proxied = not request.raw_path.startswith(("/", "*"))
            if is_proxied and not self.accepts(authority):
                text = self.refuse(request.method, request.host)
                return web.Response(status=403, text=f"{text}\n")
            if authority.kind is Kind.FILES and request.path.split("/")[1] in _NO_FILES:
                return web.Response(status=404)
            return await handler(request)

        return middleware


def requested_authority(request: web.Request) -> Authority:
    """Return the host and port that a request names."""
    if request.raw_path.startswith(("/", "*")):
        return parse_authority(request.host, HTTPS if request.scheme == "https" else HTTP)
    # aiohttp leaves the port out of `host` if the request has a complete address.
    return Authority((request.url.raw_host or "").lower(), request.url.port or 0)
