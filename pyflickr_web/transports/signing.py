"""Sign messages with HMAC-SHA1 (RFC 5849, section 3.4.2), using oauthlib."""

from __future__ import annotations

import logging
from dataclasses import replace

from pyflickr_web.core.flow import Request
from pyflickr_web.transports.message import Message, ServerRequest, to_message


def prepare(request: Request) -> Message:
    """Return the message of a request, signed with a new nonce and timestamp if it has credentials."""
    message = to_message(request)
    if isinstance(request, ServerRequest) and request.credentials:
        return sign(message, request)
    return message


def sign(message: Message, request: ServerRequest) -> Message:
    """Return the message with an `Authorization` header, signed with the request's credentials.

    The signature covers query and form, but no other body (RFC 5849, section 3.4.1.3.1). A request
    for a request token has a `callback` (section 2.1), one for an access token a `verifier` (2.3).
    """
    # Imported here: many clients never sign.
    from oauthlib.oauth1 import Client

    _keep_quiet()
    credentials = request.credentials
    assert credentials is not None
    client = Client(
        credentials.api_key,
        client_secret=credentials.secret,
        resource_owner_key=credentials.access_token or None,
        resource_owner_secret=credentials.access_token_secret or None,
        callback_uri=getattr(request, "callback", "") or None,
        verifier=getattr(request, "verifier", "") or None,
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
