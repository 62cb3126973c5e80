"""The two calls of an application in the OAuth flow (RFC 5849, 2): for a request token, and for an
access token."""

from __future__ import annotations

import hmac
from urllib.parse import quote, urlsplit

from flickr_sandbox.messages import RequestData
from flickr_sandbox.oauth import grants
from flickr_sandbox.oauth.signature import OAuthProblem, SignedRequest, parameters_absent
from flickr_sandbox.oauth.verify import consumer_secret, use_nonce
from flickr_sandbox.store import Store

# A browser would run these as scripts.
_NO_CALLBACKS = ("", "javascript", "data", "vbscript")


def request_token(store: Store, request: RequestData) -> str:
    """Return the answer of `/services/oauth/request_token`. Raises `OAuthProblem`."""
    signed = SignedRequest(request)
    secret = consumer_secret(store, signed)
    signed.check_protocol(store.current_time())
    signed.check_signature(secret, "")
    callback = signed.get_from_any_place("oauth_callback")
    if not callback:
        raise parameters_absent("oauth_callback")
    if callback != grants.OOB and not _is_address(callback):
        raise OAuthProblem("parameter_rejected", 400, "&oauth_parameters_rejected=oauth_callback")
    use_nonce(store, signed)
    token, token_secret = grants.create_grant(store, signed.consumer_key, callback)
    return _form(
        oauth_callback_confirmed="true", oauth_token=token, oauth_token_secret=token_secret
    )


def access_token(store: Store, request: RequestData) -> str:
    """Return the answer of `/services/oauth/access_token`. Raises `OAuthProblem`."""
    signed = SignedRequest(request)
    secret = consumer_secret(store, signed)
    signed.check_protocol(store.current_time())
    token = signed.get("oauth_token")
    if token is None:
        raise parameters_absent("oauth_token")
    grant = grants.find_grant(store, token)
    if grant is None or grant["api_key"] != signed.consumer_key:
        raise OAuthProblem("token_rejected")
    signed.check_signature(secret, grant["secret"])
    use_nonce(store, signed)
    verifier = signed.get_from_any_place("oauth_verifier")
    if not verifier:
        raise parameters_absent("oauth_verifier")
    if grant["denied"]:
        raise OAuthProblem("permission_denied")
    if not _is_same(grant["verifier"] or "", verifier):
        raise OAuthProblem("verifier_invalid")
    with store.transaction():
        grants.delete_grant(store, grant)
        new, new_secret = grants.new_access_token(
            store, grant["api_key"], grant["nsid"], grant["perms"]
        )
    person = store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=grant["nsid"])
    assert person is not None
    return _form(
        fullname=person["realname"],
        oauth_token=new,
        oauth_token_secret=new_secret,
        user_nsid=person["nsid"],
        username=person["username"],
    )


def _is_address(callback: str) -> bool:
    try:
        return urlsplit(callback).scheme.lower() not in _NO_CALLBACKS
    except ValueError:
        return False


def _is_same(verifier: str, given: str) -> bool:
    # People type the nine digits with or without the hyphens.
    def plain(text: str) -> bytes:
        return text.replace("-", "").strip().encode()

    return bool(verifier) and hmac.compare_digest(plain(verifier), plain(given))


def _form(**values: str) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
