"""The middleware of a sandbox that is also a proxy: it refuses hosts that are not Flickr's."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from flickr_sandbox.intercept.hosts import (
    HTTP,
    HTTPS,
    Authority,
    Kind,
    parse_authority,
    refusal,
)

# Paths that Flickr's hosts of files do not have.
_NO_FILES = ("", "services", "sandbox")


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses hosts that are not Flickr's; `own` are the sandbox's own addresses."""

    own: frozenset[Authority]

    @property
    def middleware(self) -> Middleware:
        """The middleware for aiohttp."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            authority = requested_authority(request)
            # A path alone is a request to the sandbox itself, under any name of this machine.
            is_proxied = not request.raw_path.startswith(("/", "*"))
            if is_proxied and authority.kind is None and authority not in self.own:
                return web.Response(status=403, text=f"{refusal(request.host)}\n")
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


def is_for_flickr(request: web.Request) -> bool:
    """Return True if a request is for one of Flickr's hosts."""
    return requested_authority(request).kind is not None
