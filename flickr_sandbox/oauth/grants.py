"""Grants: request tokens, and frobs of the authentication before OAuth.

An application creates a grant, a person allows or denies it on the consent page, and the
application exchanges it for a token. Each step is possible once.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from flickr_sandbox.store import Row, Store

LIFETIME = 3600
"""The lifetime of a grant, in seconds."""
OOB = "oob"
PERMS = ("none", "read", "write", "delete")


class GrantClosed(Exception):
    """The grant is unknown, expired or already decided; the text is shown to the person."""


@dataclass(frozen=True, slots=True)
class Consent:
    """The question of a consent page: the application, the person, and the permissions."""

    token: str = field(repr=False)
    api_key: str = field(repr=False)
    person: Row
    perms: int
    ticket: str = field(repr=False)
    """A secret of the page's form, so that other sites cannot submit a decision."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision; `verifier` is None if it is a denial."""

    token: str = field(repr=False)
    callback: str
    verifier: str | None = field(repr=False)


def create_grant(
    store: Store, api_key: str, callback: str, *, frob: bool = False
) -> tuple[str, str]:
    """Create a grant; return its token or frob, and its secret."""
    token, secret = f"{store.next_id()}-{secrets.token_hex(8)}", secrets.token_hex(8)
    store.run(
        "DELETE FROM request_tokens WHERE created <= :oldest",
        oldest=store.current_time() - LIFETIME,
    )
    store.insert(
        "request_tokens",
        token=token,
        secret=secret,
        api_key=api_key,
        callback=callback,
        created=store.current_time(),
        frob=int(frob),
    )
    return token, secret


def find_grant(store: Store, token: str, *, frob: bool = False) -> Row | None:
    """Return the grant of a token, or None if it is unknown, used or expired."""
    return store.one(
        "SELECT * FROM request_tokens WHERE token = :token AND frob = :frob AND created > :oldest",
        token=token,
        frob=int(frob),
        oldest=store.current_time() - LIFETIME,
    )


def open_consent(store: Store, token: str, perms: int, *, frob: bool = False) -> Consent:
    """Return the consent page's question to the account's person. Raises `GrantClosed`."""
    grant = _find_undecided(store, token, frob)
    ticket = secrets.token_hex(16)
    store.run(
        "UPDATE request_tokens SET ticket = :ticket, perms = :perms WHERE token = :token",
        ticket=ticket,
        perms=perms,
        token=token,
    )
    return Consent(token, grant["api_key"], store.account(), perms, ticket)


def decide(store: Store, token: str, ticket: str, allowed: bool, *, frob: bool = False) -> Decision:
    """Allow or deny a grant, with the ticket of the latest page. Raises `GrantClosed`."""
    grant = _find_undecided(store, token, frob)
    if not grant["ticket"] or not hmac.compare_digest(grant["ticket"].encode(), ticket.encode()):
        raise GrantClosed("This page is out of date. Open it again.")
    verifier = _verifier(grant["callback"]) if allowed else None
    store.run(
        "UPDATE request_tokens SET nsid = :nsid, verifier = :verifier, denied = :denied"
        " WHERE token = :token",
        nsid=store.account()["nsid"] if allowed else None,
        verifier=verifier,
        denied=int(not allowed),
        token=token,
    )
    return Decision(token, grant["callback"], verifier)


def delete_grant(store: Store, grant: Row) -> None:
    """Delete a grant, when it is exchanged for a token."""
    store.run("DELETE FROM request_tokens WHERE token = :token", token=grant["token"])


def new_access_token(store: Store, api_key: str, nsid: str, perms: int) -> tuple[str, str]:
    """Create an access token; return it with its secret."""
    token, secret = f"{store.next_id()}-{secrets.token_hex(8)}", secrets.token_hex(8)
    store.insert(
        "access_tokens", token=token, secret=secret, api_key=api_key, nsid=nsid, perms=perms
    )
    return token, secret


def _find_undecided(store: Store, token: str, frob: bool) -> Row:
    grant = find_grant(store, token, frob=frob)
    if grant is None:
        raise GrantClosed(
            "This request is unknown, already answered, or expired. Start again in the application."
        )
    if grant["nsid"] or grant["denied"]:
        raise GrantClosed("This request was already answered.")
    return grant


def _verifier(callback: str) -> str:
    if callback != OOB:
        return secrets.token_hex(8)
    return "-".join(f"{secrets.randbelow(1000):03}" for _ in range(3))
