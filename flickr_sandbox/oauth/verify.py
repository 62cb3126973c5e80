"""Who signed a request, if anybody did."""

from __future__ import annotations

from flickr_sandbox.call import Caller
from flickr_sandbox.oauth import legacy
from flickr_sandbox.oauth.refusal import Refusal, absent
from flickr_sandbox.oauth.signed import WINDOW, Signed, is_signed
from flickr_sandbox.received import Received
from flickr_sandbox.reflection import methods
from flickr_sandbox.rest import check_key, is_key
from flickr_sandbox.store import Row, Store


def identify(store: Store, received: Received, login: bool | None = None) -> Caller:
    """The caller of a request; one with a key alone where it is not signed.

    `login` says whether a signed request must come with a token; None asks the method that the
    request names. Raises `Refusal` where a signature, token, nonce or timestamp is not what it must
    be, and `Failure` 96, 97, 98 or 100 where Flickr answers in the format of the call.
    """
    if not is_signed(received):
        return legacy.identify(store, received)
    signed = Signed(received)
    secret = _consumer_secret(store, signed)
    signed.check_protocol(store.now())
    token = _token(store, signed, _needs_login(received) if login is None else login)
    signed.check_signature(secret, token["secret"] if token else "")
    use_nonce(store, signed)
    if token is None:
        return Caller(signed.consumer_key, signed=True)
    return Caller(signed.consumer_key, token["nsid"], token["perms"], signed=True)


def consumer_secret(store: Store, signed: Signed) -> str:
    """The secret of the key that signs. Raises `Refusal` where there is no such key."""
    if signed.get("oauth_consumer_key") is None:
        raise absent("oauth_consumer_key")
    key = signed.consumer_key
    secret = store.value("SELECT secret FROM api_keys WHERE key = :key", key=key)
    if secret is None:
        raise Refusal("consumer_key_unknown")
    return str(secret)


def use_nonce(store: Store, signed: Signed) -> None:
    """Note a nonce as used, and forget those whose timestamps are refused anyway.

    To be called once the signature has proved right: nobody else may use up a client's nonces.
    Raises `Refusal` for one that has been used (RFC 5849, 3.3).
    """
    store.run_aside(
        "DELETE FROM nonces WHERE api_key = :key AND timestamp < :oldest",
        key=signed.consumer_key,
        oldest=store.now() - WINDOW,
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
        raise Refusal("nonce_used")


def _consumer_secret(store: Store, signed: Signed) -> str:
    # A key that is no key at all is refused as one of an unsigned call is.
    key = signed.consumer_key or signed.received.parameters.get("api_key", "")
    if not is_key(key):
        check_key(store, key)
    return consumer_secret(store, signed)


def _needs_login(received: Received) -> bool:
    method = methods().get(received.parameters.get("method", ""))
    return method is not None and (method.needslogin or method.perms > 0)


def _token(store: Store, signed: Signed, login: bool) -> Row | None:
    name = signed.get("oauth_token")
    if name is None:
        if login:
            raise absent("oauth_token")
        return None
    token = store.one(
        "SELECT * FROM access_tokens WHERE token = :token AND api_key = :key",
        token=name,
        key=signed.consumer_key,
    )
    if token is None:
        raise Refusal("token_rejected")
    return token
