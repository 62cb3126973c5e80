"""Check which sites' pages may call (CORS, Fetch Metadata), and which host names a proxy answers to.

The check of host names protects from DNS rebinding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pyflickr_web.proxy.calls.message import ProxyRequest, Refusal, Reply
from pyflickr_web.transports.errors import OptionError

VERBS = "GET, POST, OPTIONS"
# Browsers cache a preflight's answer no longer than this, in seconds.
MAX_AGE = "7200"
# The opaque origin of a file or a sandboxed frame.
OPAQUE = "null"
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_OTHER_SITES = ("cross-site", "same-site")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ANY = "*"
_NAME = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]"
_HOST_NAME = re.compile(_NAME)
# A name has up to 253 characters (RFC 1035), and may end with a dot and a port.
_LONGEST = 260
_HOST = re.compile(rf"({_NAME})\.?(?::[0-9]{{0,5}})?")


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins that are allowed in addition to the proxy's own; `*` is any.

    With `credentials`, pages of those origins may send cookies.
    """

    allowed: tuple[str, ...]
    credentials: bool

    def check(self, request: ProxyRequest) -> None:
        """Raise `Refusal` (403) for a page of an origin that is not allowed.

        Requests of scripts, images and links have no `Origin`, but `Sec-Fetch-Site` (Fetch Metadata).
        """
        origin = request.headers.get("origin")
        if origin is None:
            self._check_site(request)
        elif origin == OPAQUE:
            if request.verb != "OPTIONS":
                raise Refusal(
                    403,
                    "origin null may not call this proxy: open the page over http, not as a file",
                )
        elif not self._is_allowed(origin):
            _check_same_origin(request, origin)

    def headers(self, request: ProxyRequest) -> dict[str, str]:
        """Return the headers that let a page of an allowed origin read a reply."""
        origin = request.headers.get("origin")
        if request.verb == "GET":
            headers = {"vary": "Origin, Sec-Fetch-Site"}
        else:
            headers = {"vary": "Origin"} if self.allowed else {}
        if origin == OPAQUE:
            # Lets the page read the refusal, which says how to open it.
            headers["access-control-allow-origin"] = OPAQUE
            return headers
        if origin is None or not self._is_allowed(origin):
            return headers
        headers["access-control-allow-origin"] = "*" if "*" in self.allowed else origin
        headers["access-control-expose-headers"] = "ETag, Retry-After"
        if self.credentials:
            headers["access-control-allow-credentials"] = "true"
        return headers

    def preflight(self, request: ProxyRequest) -> Reply:
        """Return the reply to OPTIONS; the caller adds the headers that `headers` returns."""
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

    def _check_site(self, request: ProxyRequest) -> None:
        site = request.headers.get("sec-fetch-site")
        if site in _OTHER_SITES and not (request.verb == "GET" and "*" in self.allowed):
            raise Refusal(
                403,
                "scripts, images and links of other sites may not call this proxy: use fetch, and add "
                "the page's origin to the setting origins",
            )

    def _is_allowed(self, origin: str) -> bool:
        return origin.lower() in self.allowed or "*" in self.allowed


def check_cookie(request: ProxyRequest, what: str) -> None:
    """Raise `Refusal` (403) for a signed request with a cookie but no origin: browsers also send cookies
    with requests of other sites' pages."""
    if "origin" not in request.headers and "cookie" in request.headers:
        raise Refusal(
            403, f"{what} with a cookie needs an Origin header: call by fetch from a page"
        )


def is_from_page(request: ProxyRequest) -> bool:
    """Return True if a page may have caused the request: it has an origin or a cookie."""
    return "origin" in request.headers or "cookie" in request.headers


def _check_same_origin(request: ProxyRequest, origin: str) -> None:
    """Raise `Refusal` (403) unless the origin has the same host as the request.

    An https origin is always accepted, because a server in front may end TLS. An http origin is refused
    if the request came over https.
    """
    scheme, _, netloc = origin.lower().partition("://")
    port = _DEFAULT_PORTS.get(scheme)
    host = request.headers.get("host", "").lower()
    if not port or not netloc or netloc.removesuffix(f":{port}") != host.removesuffix(f":{port}"):
        raise Refusal(
            403, "pages of this origin may not call this proxy: add it to the setting origins"
        )
    if scheme == "http" and request.scheme == "https":
        raise Refusal(
            403, "pages over http may not call this proxy over https: open the page over https"
        )


def read_host(text: str) -> str:
    """Normalize a host name of the setting `hosts` as browsers do. Raises `OptionError`."""
    plain = text.lower().rstrip(".")
    if plain.count(":") > 1 and not plain.startswith("["):
        plain = f"[{plain}]"
    if plain != ANY and not _HOST_NAME.fullmatch(plain):
        raise OptionError(f"hosts: invalid name {text!r}: use e.g. example.org, without a port")
    return plain


def check_host(hosts: tuple[str, ...], request: ProxyRequest) -> None:
    """Raise `Refusal` (421) unless the request's `Host` is one of `hosts`; empty `hosts` allow any."""
    if not hosts or ANY in hosts:
        return
    host = request.headers.get("host", "")
    # The cache would keep names of any length.
    name = _host_name(host) if len(host) <= _LONGEST else ""
    if name not in hosts:
        problem = f"unknown host {name}" if name else "missing or invalid Host header"
        option = f"serve --host-name {name or 'NAME'}"
        raise Refusal(421, f"{problem}: add the name to the setting hosts ({option})")


@lru_cache(maxsize=1024)
def _host_name(host: str) -> str:
    """Return the name in a `Host` header, without the port; empty if the header is malformed."""
    found = _HOST.fullmatch(host.lower())
    return found[1] if found else ""
