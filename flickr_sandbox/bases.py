"""The rule that chooses the addresses in answers: Flickr's own, or the sandbox's."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from flickr_sandbox.intercept.guard import requested_authority
from flickr_sandbox.intercept.hosts import FLICKR, Bases


@dataclass(frozen=True, slots=True)
class BaseRule:
    """Chooses the addresses that an answer contains.

    `base` is the sandbox's address without a trailing slash; if empty, that of the request. With
    `intercept`, answers under Flickr's hosts contain Flickr's addresses.
    """

    base: str = ""
    intercept: bool = False

    def choose(self, request: web.Request) -> Bases:
        """Return the addresses for the answer to a request."""
        if self.intercept and requested_authority(request).kind:
            return FLICKR
        base = self.base or f"{request.scheme}://{request.host}"
        return Bases(base, base)
