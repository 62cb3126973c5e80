"""Fills a new library from a seed: the same seed and size, the same library."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from pyflickr_web.sandbox.store.library import (
    favorites,
    galleries,
    groups,
    people,
    photos,
    photosets,
    talk,
)
from pyflickr_web.sandbox.store.store import Store

DELETE = 3


@dataclass(frozen=True, slots=True)
class Account:
    """The sandbox's key, and a token at level delete of the person whom it belongs to."""

    api_key: str
    secret: str = field(repr=False)
    user_id: str
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


def fill(store: Store, count: int, seed: int) -> Account:
    """The account of a library; one that is empty is filled with `count` photos first."""
    account = _account(Random(f"{seed} account"))
    if store.empty:
        with store.transaction():
            _fill(store, count, seed)
            _admit(store, account)
        store.script("triggers.sql")
    return account


def _fill(store: Store, count: int, seed: int) -> None:
    people.fill(store, Random(f"{seed} people"))
    photos.fill(store, Random(f"{seed} photos"), count)
    photosets.fill(store, Random(f"{seed} photosets"))
    galleries.fill(store, Random(f"{seed} galleries"))
    groups.fill(store, Random(f"{seed} groups"))
    favorites.fill(store, Random(f"{seed} favorites"))
    talk.fill(store, Random(f"{seed} talk"))
    store.run("INSERT INTO photo_text (photo_text) VALUES ('rebuild')")


def _account(chance: Random) -> Account:
    def digits(count: int) -> str:
        return chance.randbytes(count // 2).hex()

    return Account(
        api_key=digits(32),
        secret=digits(16),
        user_id=people.nsid(0),
        access_token=f"72157700000000000-{digits(16)}",
        access_token_secret=digits(16),
    )


def _admit(store: Store, account: Account) -> None:
    store.insert("api_keys", key=account.api_key, secret=account.secret)
    store.insert(
        "access_tokens",
        token=account.access_token,
        secret=account.access_token_secret,
        api_key=account.api_key,
        nsid=account.user_id,
        perms=DELETE,
    )
