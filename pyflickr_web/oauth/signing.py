"""Signs messages with HMAC-SHA1 (RFC 5849, section 3.4.2), by oauthlib."""

from __future__ import annotations

from dataclasses import replace

from pyflickr_web.oauth.credentials import Credentials
from pyflickr_web.transports.message import Message


def sign(message: Message, credentials: Credentials) -> Message:
    """The message with an `Authorization` header, new nonce and timestamp in it.

    Query and form are signed; a body of another kind is not (RFC 5849, section 3.4.1.3.1).
    """
    from oauthlib.oauth1 import Client

    client = Client(
        credentials.api_key,
        client_secret=credentials.secret,
        resource_owner_key=credentials.access_token or None,
        resource_owner_secret=credentials.access_token_secret or None,
    )
    _, headers, _ = client.sign(
        message.url, http_method=message.verb, body=message.body, headers=dict(message.headers)
    )
    return replace(message, headers=headers)
