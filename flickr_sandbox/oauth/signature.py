"""Signed requests (RFC 5849, 3): protocol parameters, signatures, and the errors of Flickr.

Flickr answers an error with a status and `oauth_problem=…`, in every format.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from authlib.oauth1.rfc5849.signature import (
    hmac_sha1_signature,
    normalize_base_string_uri,
    normalize_parameters,
)
from authlib.oauth1.rfc5849.util import escape

from flickr_sandbox.messages import RequestData

SIGNATURE_METHOD = "HMAC-SHA1"
OAUTH_VERSION = "1.0"
TIMESTAMP_WINDOW = 300
"""The maximum age of a timestamp, in seconds. Flickr accepts every later one, so milliseconds pass."""
MOST_TIMESTAMP_DIGITS = 18  # of SQLite's integers

_REQUIRED = ("oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature")
_MARKS = ("oauth_signature", "oauth_consumer_key")


class OAuthProblem(Exception):
    """The error of a signed request: an HTTP status and a form-encoded body, `oauth_problem=…`."""

    def __init__(self, problem: str, status: int = 401, details: str = "") -> None:
        super().__init__(problem)
        self.status = status
        self.body = f"oauth_problem={problem}{details}"


def parameters_absent(*names: str) -> OAuthProblem:
    """Make the error for missing parameters."""
    return OAuthProblem(
        "parameter_absent", 400, f"&oauth_parameters_absent={quote('&'.join(names))}"
    )


def wrong_signature(base_string: str) -> OAuthProblem:
    """Make the error for an invalid signature, with the base string, whose `&` are not escaped."""
    return OAuthProblem("signature_invalid", details=f"&debug_sbs={base_string}")


def is_signed(request: RequestData) -> bool:
    """Return True if a request has a signature; a token alone may be a method's argument."""
    return not request.parameters.keys().isdisjoint(_MARKS)


@dataclass(frozen=True)
class SignedRequest:
    """A request with an OAuth signature, which may be invalid."""

    request: RequestData

    def get(self, name: str) -> str | None:
        """Return a protocol parameter from the place of the signature: query, form or header.

        If several have one, as in uploads of node-flickrapi, the first counts. Other places may have an
        argument of the same name, such as `oauth_token` of `flickr.auth.oauth.checkToken`.
        """
        return self._protocol.get(name)

    def get_from_any_place(self, name: str) -> str | None:
        """Return a parameter of the OAuth flow, which need not be in the same place as the signature."""
        return self.get(name) or self.request.parameters.get(name)

    @cached_property
    def _protocol(self) -> dict[str, str]:
        places = (self.request.query, self.request.form, self.request.header)
        parameters = [dict(reversed(place)) for place in places]
        return max(parameters, key=lambda place: [mark in place for mark in _MARKS])

    @property
    def consumer_key(self) -> str:
        return self.get("oauth_consumer_key") or ""

    @property
    def timestamp(self) -> int:
        return int(self.get("oauth_timestamp") or 0)

    @property
    def nonce(self) -> str:
        return self.get("oauth_nonce") or ""

    @property
    def base_string(self) -> str:
        """The signature base string: verb, address and all parameters (RFC 5849, 3.4.1).

        Unlike in the RFC, a parameter of both query and form counts once, with the query's value. Only
        the string's parts come from authlib, whose function for the whole string decodes protocol
        parameters twice, and so refuses an `oauth_callback` with a percent sign.
        """
        in_query = dict(self.request.query)
        form = (pair for pair in self.request.form if pair[0] not in in_query)
        parameters = (*self.request.query, *form, *self.request.header)
        signed = [(name, value) for name, value in parameters if name != "oauth_signature"]
        address = normalize_base_string_uri(self.request.url)
        parts = (self.request.verb.upper(), address, normalize_parameters(signed))
        return "&".join(escape(part) for part in parts)

    def check_protocol(self, now: int) -> None:
        """Raise `OAuthProblem` if a parameter is missing, or is not of Flickr's protocol."""
        missing = [name for name in _REQUIRED if not self.get(name)]
        if missing:
            raise parameters_absent(*missing)
        if (self.get("oauth_version") or OAUTH_VERSION) != OAUTH_VERSION:
            raise OAuthProblem("version_rejected")
        if self.get("oauth_signature_method") != SIGNATURE_METHOD:
            raise OAuthProblem("signature_method_rejected")
        given = self.get("oauth_timestamp") or ""
        if not (given.isascii() and given.isdecimal() and len(given) <= MOST_TIMESTAMP_DIGITS):
            raise OAuthProblem("timestamp_refused")
        if now - self.timestamp > TIMESTAMP_WINDOW:
            raise OAuthProblem("timestamp_refused")

    def check_signature(self, secret: str, token_secret: str) -> None:
        """Raise `OAuthProblem` if the signature does not match the secrets (RFC 5849, 3.2)."""
        base = self.base_string
        given = (self.get("oauth_signature") or "").encode()
        if not hmac.compare_digest(hmac_sha1_signature(base, secret, token_secret).encode(), given):
            raise wrong_signature(base)
