"""Turn the results and errors of authenticators, in any framework, into visitors and refusals."""

from __future__ import annotations

import hashlib
from typing import Any

from pyflickr_web.proxy.calls.message import Refusal, Visitor
from pyflickr_web.server_client import ServerClient
from pyflickr_web.transports.errors import (
    FlickrError,
    LoginError,
    NetworkError,
    RateLimitError,
    UnavailableError,
)
from pyflickr_web.transports.message import Credentials

NOT_ALLOWED = "you are not allowed to call this proxy"
# Headers of a body: the proxy sets them itself.
_BODY_HEADERS = ("content-length", "content-type", "transfer-encoding")


class AuthenticatorResponse(Exception):
    """An authenticator returned a response of its framework, which is sent instead of the proxy's."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.response = response


def visitor_of(result: Any) -> Visitor:
    """Return the visitor that an authenticator's result admits.

    None and True admit an anonymous visitor, a string a visitor of that name, a client or `Credentials`
    a visitor whose calls they sign. False and "" raise `Refusal` (403). Anything else raises
    `TypeError`, because it may have been meant as a refusal.
    """
    if result is None or result is True:
        return Visitor()
    if result is False or result == "":
        raise Refusal(403, NOT_ALLOWED)
    if isinstance(result, str):
        return Visitor(result)
    credentials = result.credentials if isinstance(result, ServerClient) else result
    if credentials is None:
        raise Refusal(403, "the visitor is not signed in to Flickr")
    if not isinstance(credentials, Credentials):
        raise TypeError(
            "an authenticator must return None, True, False, a visitor's name, or the visitor's Flickr "
            f"client or Credentials, not {type(result).__name__}"
        )
    # Names are stored and logged; a token must not be.
    unnamed = hashlib.sha256(credentials.access_token.encode()).hexdigest()
    return Visitor(credentials.user_id or unnamed, credentials)


def refusal_for_error(error: FlickrError) -> Refusal:
    """Return the refusal for a `FlickrError` that an authenticator raises: 401 for `LoginError`, 502 if
    Flickr did not answer, else 403."""
    if isinstance(error, NetworkError | RateLimitError | UnavailableError):
        return Refusal(502, "could not check the login at Flickr: try again later")
    return Refusal(401 if isinstance(error, LoginError) else 403, str(error))


def framework_refusal(status: int, message: object, headers: Any = None) -> Refusal:
    """Return the refusal for an error of the framework that an authenticator raises."""
    own_headers = {
        name.lower(): value
        for name, value in (headers or {}).items()
        if name.lower() not in _BODY_HEADERS
    }
    return Refusal(
        status,
        message if isinstance(message, str) and message else NOT_ALLOWED,
        headers=own_headers,
    )
