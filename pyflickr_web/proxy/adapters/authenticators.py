"""Results and errors of authenticators, of any framework, as visitors and refusals."""

from __future__ import annotations

import hashlib
from typing import Any

from pyflickr_web.errors import (
    FlickrError,
    LoginError,
    NetworkError,
    RateLimitError,
    UnavailableError,
)
from pyflickr_web.proxy.calls.message import Refusal, Visitor
from pyflickr_web.server import ServerClient
from pyflickr_web.transports.message import Credentials

NOT_ALLOWED = "you are not allowed to call here"
# Headers of a refusal's body, which the proxy sets itself.
_BODY_HEADERS = ("content-length", "content-type", "transfer-encoding")


class AuthenticatorResponse(Exception):
    """Raised when an authenticator returns a response of its framework, to be sent in place of the
    proxy's own."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.response = response


def visitor_of(result: Any) -> Visitor:
    """Return the visitor that an authenticator's result lets in.

    None and True let somebody in, a text by its name, a client or `Credentials` with calls signed by
    these. False and "" are a refusal (`Refusal`, 403). Raises `TypeError` for anything else: it may
    have been meant as a refusal.
    """
    if result is None or result is True:
        return Visitor()
    if result is False or result == "":
        raise Refusal(403, NOT_ALLOWED)
    if isinstance(result, str):
        return Visitor(result)
    credentials = result._credentials if isinstance(result, ServerClient) else result
    if credentials is None:
        raise Refusal(403, "the visitor has no login at Flickr")
    if not isinstance(credentials, Credentials):
        raise TypeError(
            "an authenticator returns None, a visitor's name, the visitor's Flickr client or "
            f"Credentials, or refuses; not {type(result).__name__}"
        )
    # A name is kept and shown where a token must not be.
    unnamed = hashlib.sha256(credentials.access_token.encode()).hexdigest()
    return Visitor(credentials.user_id or unnamed, credentials)


def refusal_for_error(error: FlickrError) -> Refusal:
    """Return the refusal for an error of ours that an authenticator raises: 401 for `LoginError`, 502
    if Flickr could not be asked, else 403."""
    if isinstance(error, NetworkError | RateLimitError | UnavailableError):
        return Refusal(502, "Flickr could not be asked who calls: try again in a while")
    return Refusal(401 if isinstance(error, LoginError) else 403, str(error))


def framework_refusal(status: int, message: object, headers: Any = None) -> Refusal:
    """Return the refusal for a framework's own error that an authenticator raises."""
    kept = {
        name.lower(): value
        for name, value in (headers or {}).items()
        if name.lower() not in _BODY_HEADERS
    }
    return Refusal(
        status, message if isinstance(message, str) and message else NOT_ALLOWED, headers=kept
    )
