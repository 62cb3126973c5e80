"""Which sites' pages may call, and what CORS wants said about it (Fetch standard, CORS protocol)."""

from __future__ import annotations

from dataclasses import dataclass

from pyflickr_web.proxy.message import ProxyRequest, Refused, Reply

VERBS = "GET, POST, OPTIONS"
# Browsers keep a preflight's answer no longer.
MAX_AGE = "7200"
_DEFAULT_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins that are allowed beside the proxy's own; `*` is any.

    With `credentials` pages of those origins may send cookies.
    """

    allowed: tuple[str, ...]
    credentials: bool

    def check(self, request: ProxyRequest) -> None:
        """Raises `Refused` for a page of an origin that is not allowed."""
        origin = request.headers.get("origin")
        if origin is not None and not self._known(request, origin):
            raise Refused(403, "pages of this origin may not call here")

    def headers(self, request: ProxyRequest) -> dict[str, str]:
        """The headers that let a page of an allowed origin read a reply."""
        headers = {"vary": "Origin"} if self.allowed else {}
        origin = request.headers.get("origin")
        if origin is None or not self._listed(origin):
            return headers
        headers["access-control-allow-origin"] = "*" if "*" in self.allowed else origin
        headers["access-control-expose-headers"] = "ETag, Retry-After"
        if self.credentials:
            headers["access-control-allow-credentials"] = "true"
        return headers

    def preflight(self, request: ProxyRequest) -> Reply:
        """The answer to OPTIONS, less `headers`."""
        return Reply(
            204,
            {
                "allow": VERBS,
                "access-control-allow-methods": VERBS,
                "access-control-allow-headers": "Content-Type"
                + (", Authorization" if self.credentials else ""),
                "access-control-max-age": MAX_AGE,
            }
            if "origin" in request.headers
            else {"allow": VERBS},
        )

    def _known(self, request: ProxyRequest, origin: str) -> bool:
        return self._listed(origin) or _own(origin, request.headers.get("host", ""))

    def _listed(self, origin: str) -> bool:
        return origin.lower() in self.allowed or "*" in self.allowed


def check_cookie(request: ProxyRequest, what: str) -> None:
    """Raises `Refused` (403) for what is signed and comes with a cookie, but tells no origin: a browser
    sends cookies for other sites' pages too."""
    if "origin" not in request.headers and "cookie" in request.headers:
        raise Refused(403, f"{what} with a cookie must come from a page, which tells its origin")


def _own(origin: str, host: str) -> bool:
    """Whether an origin is the host that was asked.

    The scheme is left out of it: behind a server that ends TLS, the proxy does not know it.
    """
    scheme, _, place = origin.lower().partition("://")
    port = _DEFAULT_PORTS.get(scheme)
    if not port or not place:
        return False
    return place.removesuffix(f":{port}") == host.lower().removesuffix(f":{port}")
