"""Grants that wait for consent: request tokens, and the frobs from before OAuth.

An application asks for a grant, a person allows or denies it on the consent page, and the
application takes it. Each happens once.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from flickr_sandbox.store import Row, Store

LIFETIME = 3600
"""How long a grant may take from its asking to its taking, in seconds."""
OOB = "oob"
PERMS = ("none", "read", "write", "delete")


class GrantClosed(Exception):
    """A grant that there is not, or that nobody can decide any more; the text is for a person."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person is asked: who wants to be let in, as whom, and how far."""

    token: str = field(repr=False)
    api_key: str = field(repr=False)
    person: Row
    perms: int
    ticket: str = field(repr=False)
    """Comes back with the decision, which nobody can make who has not seen the page."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided; `verifier` is None for a denial."""

    token: str = field(repr=False)
    callback: str
    verifier: str | None = field(repr=False)


def create_grant(
    store: Store, api_key: str, callback: str, *, frob: bool = False
) -> tuple[str, str]:
    """A new grant: its token, or frob, and its secret."""
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
    """The grant with a token that has not been taken and is not too old."""
    return store.one(
        "SELECT * FROM request_tokens WHERE token = :token AND frob = :frob AND created > :oldest",
        token=token,
        frob=int(frob),
        oldest=store.current_time() - LIFETIME,
    )


def open_consent(store: Store, token: str, perms: int, *, frob: bool = False) -> Consent:
    """What the consent page asks the account's person. Raises `GrantClosed`."""
    grant = _find_undecided(store, token, frob)
    ticket = secrets.token_hex(16)
    store.run(
        "UPDATE request_tokens SET ticket = :ticket, perms = :perms WHERE token = :token",
        ticket=ticket,
        perms=perms,
        token=token,
    )
    return Consent(token, grant["api_key"], _person(store), perms, ticket)


def decide(store: Store, token: str, ticket: str, allowed: bool, *, frob: bool = False) -> Decision:
    """Allow or deny, with the ticket of the page that asked. Raises `GrantClosed`."""
    grant = _find_undecided(store, token, frob)
    if not grant["ticket"] or not hmac.compare_digest(grant["ticket"].encode(), ticket.encode()):
        raise GrantClosed("This page is not the last that asked. Open it again.")
    verifier = _verifier(grant["callback"]) if allowed else None
    store.run(
        "UPDATE request_tokens SET nsid = :nsid, verifier = :verifier, denied = :denied"
        " WHERE token = :token",
        nsid=_person(store)["nsid"] if allowed else None,
        verifier=verifier,
        denied=int(not allowed),
        token=token,
    )
    return Decision(token, grant["callback"], verifier)


def delete_grant(store: Store, grant: Row) -> None:
    """Use a grant up."""
    store.run("DELETE FROM request_tokens WHERE token = :token", token=grant["token"])


def new_access_token(store: Store, api_key: str, nsid: str, perms: int) -> tuple[str, str]:
    """An access token and its secret."""
    token, secret = f"{store.next_id()}-{secrets.token_hex(8)}", secrets.token_hex(8)
    store.insert(
        "access_tokens", token=token, secret=secret, api_key=api_key, nsid=nsid, perms=perms
    )
    return token, secret


def _find_undecided(store: Store, token: str, frob: bool) -> Row:
    grant = find_grant(store, token, frob=frob)
    if grant is None:
        raise GrantClosed(
            "No application waits for this answer: it was given before, or came too late."
        )
    if grant["nsid"] or grant["denied"]:
        raise GrantClosed("This has been decided already.")
    return grant


def _person(store: Store) -> Row:
    # Whoever uses the sandbox is the person whom its key belongs to.
    person = store.one("SELECT * FROM people ORDER BY nsid LIMIT 1")
    assert person is not None
    return person


def _verifier(callback: str) -> str:
    if callback != OOB:
        return secrets.token_hex(8)
    return "-".join(f"{secrets.randbelow(1000):03}" for _ in range(3))
