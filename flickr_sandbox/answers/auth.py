"""`flickr.auth.*`: check tokens, and the authentication before OAuth."""

from __future__ import annotations

import secrets

from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.oauth import grants
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

NO_TOKEN = (98, "Login failed / Invalid auth token")


@answers("auth.oauth.checkToken")
def oauth_check_token(call: Call) -> Answer:
    """Return the person and the permissions of an access token."""
    return {"oauth": _credentials(call, _token(call, "access_tokens", call.text("oauth_token")))}


@answers("auth.oauth.getAccessToken")
def oauth_get_access_token(call: Call) -> Answer:
    """Exchange the `auth_token` that signs the call for an access token."""
    old = _token(call, "auth_tokens", call.text("auth_token"))
    call.store.run("DELETE FROM auth_tokens WHERE token = :token", token=old["token"])
    token, secret = grants.new_access_token(call.store, old["api_key"], old["nsid"], old["perms"])
    return {"auth": {"access_token": {"oauth_token": token, "oauth_token_secret": secret}}}


@answers("auth.getFrob")
def get_frob(call: Call) -> Answer:
    """Return a frob, which a person can allow at `/services/auth/`."""
    _check_signed(call)
    frob, _ = grants.create_grant(call.store, call.caller.api_key, grants.OOB, frob=True)
    return {"frob": {"_content": frob}}


@answers("auth.getToken")
def get_token(call: Call) -> Answer:
    """Exchange an allowed frob for an `auth_token`."""
    _check_signed(call)
    grant = grants.find_grant(call.store, call.text("frob"), frob=True)
    if grant is None:
        raise call.fail(108)
    return _exchange_grant(call, grant, 108)


@answers("auth.getFullToken")
def get_full_token(call: Call) -> Answer:
    """Exchange the nine digits that the page showed for an `auth_token`."""
    _check_signed(call)
    digits = call.text("mini_token").replace("-", "")
    found = call.store.one(
        "SELECT token FROM request_tokens WHERE frob AND replace(verifier, '-', '') = :digits",
        digits=digits,
    )
    grant = grants.find_grant(call.store, found["token"], frob=True) if found else None
    if grant is None:
        raise call.fail(1)
    return _exchange_grant(call, grant, 1)


@answers("auth.checkToken")
def check_token(call: Call) -> Answer:
    """Return the person and the permissions of an `auth_token`."""
    _check_signed(call)
    return {"auth": _credentials(call, _token(call, "auth_tokens", call.text("auth_token")))}


def _check_signed(call: Call) -> None:
    # These methods need a signature by their descriptions, though not by their flags.
    if not call.caller.signed:
        raise Failure(97, "Missing signature")


def _exchange_grant(call: Call, grant: Row, code: int) -> Answer:
    if not grant["nsid"] or grant["api_key"] != call.caller.api_key:
        raise call.fail(code)
    grants.delete_grant(call.store, grant)
    token = f"{call.store.next_id()}-{secrets.token_hex(8)}"
    values = {name: grant[name] for name in ("api_key", "nsid", "perms")}
    call.store.insert("auth_tokens", token=token, **values)
    return {"auth": _credentials(call, _token(call, "auth_tokens", token))}


def _token(call: Call, table: str, token: str) -> Row:
    found = call.store.one(
        f"SELECT * FROM {table} WHERE token = :token AND api_key = :key",
        token=token,
        key=call.caller.api_key,
    )
    if found is None:
        raise Failure(*NO_TOKEN)
    return found


def _credentials(call: Call, token: Row) -> Answer:
    person = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=token["nsid"])
    assert person is not None
    return {
        "token": {"_content": token["token"]},
        "perms": {"_content": grants.PERMS[token["perms"]]},
        "user": {
            "nsid": person["nsid"],
            "username": person["username"],
            "fullname": person["realname"],
        },
    }
