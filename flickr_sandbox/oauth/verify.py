"""Identify the caller of a request, by its OAuth signature or by the MD5 signature from before OAuth."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from flickr_sandbox.call import Caller, Failure
from flickr_sandbox.messages import RequestData
from flickr_sandbox.oauth.signature import (
    TIMESTAMP_WINDOW,
    OAuthProblem,
    SignedRequest,
    is_signed,
    parameters_absent,
)
from flickr_sandbox.reflection import methods
from flickr_sandbox.rest import check_key, is_key
from flickr_sandbox.store import Row, Store


def identify_legacy(store: Store, request: RequestData) -> Caller:
    """Identify the caller of a request without an OAuth signature.

    Raises `Failure` 96 for a wrong `api_sig`, 97 for an `auth_token` without `api_sig`, 98 for an
    unknown `auth_token`.
    """
    parameters = request.parameters
    key = parameters.get("api_key", "")
    secret = store.value("SELECT secret FROM api_keys WHERE key = :key", key=key)
    if secret is None:
        return Caller(key)
    given, token = parameters.get("api_sig"), parameters.get("auth_token")
    if given is None and token is None:
        return Caller(key)
    if given is not None and not _is_equal(given, legacy_signature(secret, parameters)):
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


def legacy_signature(secret: str, parameters: Mapping[str, str]) -> str:
    """Return the hexadecimal MD5 of a secret and of all parameters except `api_sig`, sorted."""
    signed = sorted((name, value) for name, value in parameters.items() if name != "api_sig")
    text = secret + "".join(name + value for name, value in signed)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _is_equal(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def identify(store: Store, request: RequestData, login: bool | None = None) -> Caller:
    """Identify the caller of a request; without a signature, a caller with only a key.

    `login` is True if a signed request needs a token; None decides by the request's method. Raises
    `OAuthProblem` for an invalid signature, token, nonce or timestamp, and `Failure` 96, 97, 98 or
    100 for errors that Flickr answers in the format of the call.
    """
    if not is_signed(request):
        return identify_legacy(store, request)
    signed = SignedRequest(request)
    secret = _consumer_secret(store, signed)
    signed.check_protocol(store.current_time())
    token = _token(store, signed, _needs_login(request) if login is None else login)
    signed.check_signature(secret, token["secret"] if token else "")
    use_nonce(store, signed)
    if token is None:
        return Caller(signed.consumer_key, signed=True)
    return Caller(signed.consumer_key, token["nsid"], token["perms"], signed=True)


def consumer_secret(store: Store, signed: SignedRequest) -> str:
    """Return the secret of the consumer key. Raises `OAuthProblem` if the key is unknown."""
    if signed.get("oauth_consumer_key") is None:
        raise parameters_absent("oauth_consumer_key")
    key = signed.consumer_key
    secret = store.value("SELECT secret FROM api_keys WHERE key = :key", key=key)
    if secret is None:
        raise OAuthProblem("consumer_key_unknown")
    return str(secret)


def use_nonce(store: Store, signed: SignedRequest) -> None:
    """Store a nonce as used, and delete those whose timestamps are too old.

    Call it after the signature is checked: otherwise anybody could use up a client's nonces. Raises
    `OAuthProblem` for a used nonce (RFC 5849, 3.3).
    """
    store.run_aside(
        "DELETE FROM nonces WHERE api_key = :key AND timestamp < :oldest",
        key=signed.consumer_key,
        oldest=store.current_time() - TIMESTAMP_WINDOW,
    )
    new = store.run_aside(
        "INSERT OR IGNORE INTO nonces (api_key, timestamp, nonce, token)"
        " VALUES (:key, :timestamp, :nonce, :token)",
        key=signed.consumer_key,
        timestamp=signed.timestamp,
        nonce=signed.nonce,
        token=signed.get("oauth_token") or "",
    )
    if not new:
        raise OAuthProblem("nonce_used")


def _consumer_secret(store: Store, signed: SignedRequest) -> str:
    # A malformed key gets the same error as in an unsigned call.
    key = signed.consumer_key or signed.request.parameters.get("api_key", "")
    if not is_key(key):
        check_key(store, key)
    return consumer_secret(store, signed)


def _needs_login(request: RequestData) -> bool:
    method = methods().get(request.parameters.get("method", ""))
    return method is not None and (method.needslogin or method.perms > 0)


def _token(store: Store, signed: SignedRequest, login: bool) -> Row | None:
    name = signed.get("oauth_token")
    if name is None:
        if login:
            raise parameters_absent("oauth_token")
        return None
    token = store.one(
        "SELECT * FROM access_tokens WHERE token = :token AND api_key = :key",
        token=name,
        key=signed.consumer_key,
    )
    if token is None:
        raise OAuthProblem("token_rejected")
    return token
