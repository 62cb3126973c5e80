"""Signed requests (RFC 5849, 3): protocol parameters, signatures, and the errors of Flickr.

Flickr answers an error with a status and `oauth_problem=…`, whatever the format.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import quote

from authlib.oauth1.rfc5849.signature import (
    hmac_sha1_signature,
    normalize_base_string_uri,
    normalize_parameters,
)
from authlib.oauth1.rfc5849.util import escape

from flickr_sandbox.messages import Pairs, RequestData


class OAuthProblem(Exception):
    """A signed request that is refused: an HTTP status and a form-encoded body, `oauth_problem=…`."""

    def __init__(self, problem: str, status: int = 401, details: str = "") -> None:
        super().__init__(problem)
        self.status = status
        self.body = f"oauth_problem={problem}{details}"


def parameters_absent(*names: str) -> OAuthProblem:
    """The refusal of a request that lacks parameters."""
    return OAuthProblem(
        "parameter_absent", 400, f"&oauth_parameters_absent={quote('&'.join(names))}"
    )


def wrong_signature(base_string: str) -> OAuthProblem:
    """The refusal of a signature; it tells the base string, its `&` as they are."""
    return OAuthProblem("signature_invalid", details=f"&debug_sbs={base_string}")


METHOD = "HMAC-SHA1"
VERSION = "1.0"
WINDOW = 300
"""How far a timestamp may be from the sandbox's clock, in seconds."""
_NEEDED = ("oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_signature")
_MARKS = ("oauth_signature", "oauth_consumer_key")


def is_signed(request: RequestData) -> bool:
    """Whether a request means to be signed; a token alone may be a method's argument."""
    return any(mark in request.parameters for mark in _MARKS)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request that means to be signed."""

    request: RequestData

    def get(self, name: str) -> str | None:
        """A protocol parameter, from the place that holds the signature.

        Not from others: a method's argument may have the name of one, as `oauth_token` of
        `flickr.auth.oauth.checkToken` has.
        """
        return dict(reversed(self._place)).get(name)

    def get_from_any_place(self, name: str) -> str | None:
        """A parameter of the dance, which need not be where the signature is."""
        return self.get(name) or self.request.parameters.get(name)

    @property
    def _place(self) -> Pairs:
        places = (self.request.header, self.request.form, self.request.query)
        return max(places, key=lambda place: sum(mark in dict(place) for mark in _MARKS))

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
        """What is signed: the verb, the address and all parameters (RFC 5849, 3.4.1).

        authlib makes its parts, and not the whole: it would decode protocol parameters twice, and
        so refuse an `oauth_callback` that holds a percent sign.
        """
        all_ = (*self.request.query, *self.request.form, *self.request.header)
        signed = [(name, value) for name, value in all_ if name != "oauth_signature"]
        address = normalize_base_string_uri(self.request.url)
        parts = (self.request.verb.upper(), address, normalize_parameters(signed))
        return "&".join(escape(part) for part in parts)

    def check_protocol(self, now: int) -> None:
        """Raise `OAuthProblem` if a parameter is missing, or is not of Flickr's protocol."""
        missing = [name for name in _NEEDED if not self.get(name)]
        if missing:
            raise parameters_absent(*missing)
        if (self.get("oauth_version") or VERSION) != VERSION:
            raise OAuthProblem("version_rejected")
        if self.get("oauth_signature_method") != METHOD:
            raise OAuthProblem("signature_method_rejected")
        given = self.get("oauth_timestamp") or ""
        # Sixteen digits are more than any clock tells, and few enough for any number to hold.
        if not (given.isascii() and given.isdecimal() and len(given) < 16):
            raise OAuthProblem("timestamp_refused")
        if abs(now - self.timestamp) > WINDOW:
            raise OAuthProblem("timestamp_refused")

    def check_signature(self, secret: str, token_secret: str) -> None:
        """Raise `OAuthProblem` where the signature is not that of these secrets (RFC 5849, 3.2)."""
        base = self.base_string
        given = (self.get("oauth_signature") or "").encode()
        if not hmac.compare_digest(hmac_sha1_signature(base, secret, token_secret).encode(), given):
            raise wrong_signature(base)
