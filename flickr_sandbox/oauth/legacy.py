"""The signatures that Flickr had before OAuth: `api_sig`, an MD5 over the secret and the parameters."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from flickr_sandbox.call import Caller, Failure
from flickr_sandbox.received import Received
from flickr_sandbox.store import Store


def identify(store: Store, received: Received) -> Caller:
    """The caller of a request that OAuth does not sign.

    Raises `Failure` 96 for a wrong `api_sig`, 97 for an `auth_token` without one, 98 for an
    `auth_token` that is none.
    """
    parameters = received.parameters
    key = parameters.get("api_key", "")
    secret = store.value("SELECT secret FROM api_keys WHERE key = :key", key=key)
    if secret is None:
        return Caller(key)
    given, token = parameters.get("api_sig"), parameters.get("auth_token")
    if given is None and token is None:
        return Caller(key)
    if given is not None and not _is_right(given, signature(secret, parameters)):
        raise Failure(96, "Invalid signature")
    if token is None:
        return Caller(key, signed=True)
    row = store.one(
        "SELECT * FROM auth_tokens WHERE token = :token AND api_key = :key", token=token, key=key
    )
    if row is None:
        raise Failure(98, "Login failed / Invalid auth token")
    if given is None:
        raise Failure(97, "Missing signature")
    return Caller(key, row["nsid"], row["perms"], signed=True)


def signature(secret: str, parameters: Mapping[str, str]) -> str:
    """The MD5, in hexadecimal, of a secret and of all parameters but `api_sig` in their order."""
    signed = sorted((name, value) for name, value in parameters.items() if name != "api_sig")
    text = secret + "".join(name + value for name, value in signed)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _is_right(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())
