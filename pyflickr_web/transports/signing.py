"""Sign messages with HMAC-SHA1 (RFC 5849, section 3.4.2), using oauthlib."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

from pyflickr_web.core.flow import Request
from pyflickr_web.transports.message import (
    DEFAULT_OPTIONS,
    Credentials,
    Message,
    SendOptions,
    to_message,
)
from pyflickr_web.transports.stream import StreamBody


@dataclass(frozen=True, slots=True)
class TokenSigner(Credentials):
    """Credentials that sign the request for a token.

    A request for a request token has a `callback` (RFC 5849, section 2.1), one for an access token a
    `verifier` (2.3).
    """

    callback: str = field(default="", repr=False)
    verifier: str = field(default="", repr=False)


def prepare(request: Request) -> Message:
    """Return the message of a request, signed if it has a signer."""
    message = to_message(request)
    options: SendOptions = request.options or DEFAULT_OPTIONS
    return sign(message, options.signer) if options.signer else message


def prepare_headers(request: Request, stream: StreamBody) -> dict[str, str]:
    """Return the headers of a request with a streamed body.

    Flickr's signature covers the fields of a multipart form, unlike OAuth's (RFC 5849, section
    3.4.1.3.1).
    """
    own = {"Content-Type": stream.kind, "Content-Length": str(stream.length)}
    return {**prepare(request).headers, **own}


def sign(message: Message, credentials: Credentials) -> Message:
    """Return the message with an `Authorization` header, signed with a new nonce and timestamp.

    The signature covers query and form, but no other body (RFC 5849, section 3.4.1.3.1).
    """
    # Imported here: many clients never sign.
    from oauthlib.oauth1 import Client

    _keep_quiet()
    client = Client(
        credentials.api_key,
        client_secret=credentials.secret,
        resource_owner_key=credentials.access_token or None,
        resource_owner_secret=credentials.access_token_secret or None,
        callback_uri=getattr(credentials, "callback", "") or None,
        verifier=getattr(credentials, "verifier", "") or None,
    )
    _, headers, _ = client.sign(
        message.url, http_method=message.verb, body=message.body, headers=dict(message.headers)
    )
    return replace(message, headers=headers)


def _keep_quiet() -> None:
    """Keep oauthlib from logging tokens and signatures, as it does at DEBUG."""
    log = logging.getLogger("oauthlib.oauth1")
    if log.level == logging.NOTSET:
        log.setLevel(logging.INFO)
