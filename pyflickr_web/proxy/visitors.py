"""What an authenticator says: who may pass, in the words of any framework."""

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
from pyflickr_web.proxy.message import Refused, Visitor
from pyflickr_web.server import ServerClient
from pyflickr_web.transports.message import Credentials

REFUSED = "you are not allowed to call here"
# What the proxy says itself of a refusal's body.
_OURS = ("content-length", "content-type", "transfer-encoding")


def admitted(said: Any) -> Visitor:
    """The visitor that an authenticator's result lets in.

    None and True let somebody in, a text by its name, a client or `Credentials` with calls signed by
    these. False and "" are a refusal (`Refused`, 403). Raises `TypeError` for anything else: it may
    have been meant as a refusal.
    """
    if said is None or said is True:
        return Visitor()
    if said is False or said == "":
        raise Refused(403, REFUSED)
    if isinstance(said, str):
        return Visitor(said)
    credentials = said._credentials if isinstance(said, ServerClient) else said
    if credentials is None:
        raise Refused(403, "the visitor has no login at Flickr")
    if not isinstance(credentials, Credentials):
        raise TypeError(
            "an authenticator returns None, a visitor's name, the visitor's Flickr client or "
            f"Credentials, or refuses; not {type(said).__name__}"
        )
    # A name is kept and shown where a token must not be.
    unnamed = hashlib.sha256(credentials.access_token.encode()).hexdigest()
    return Visitor(credentials.user_id or unnamed, credentials)


def refusal(error: FlickrError) -> Refused:
    """The refusal that an authenticator raises as an error of ours: 401 for `LoginError`, 502 where
    Flickr could not be asked, else 403."""
    if isinstance(error, NetworkError | RateLimitError | UnavailableError):
        return Refused(502, "Flickr could not be asked who calls: try again in a while")
    return Refused(401 if isinstance(error, LoginError) else 403, str(error))


def refusal_of(status: int, told: object, headers: Any = None) -> Refused:
    """The refusal that an authenticator raises as its framework's own error."""
    kept = {
        name.lower(): value for name, value in (headers or {}).items() if name.lower() not in _OURS
    }
    return Refused(status, told if isinstance(told, str) and told else REFUSED, headers=kept)
