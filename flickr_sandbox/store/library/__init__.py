"""Fill a new library from a seed: the same seed and size give the same library."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random

from flickr_sandbox.store.library import awkward, groups, large, people, photos, photosets, talk
from flickr_sandbox.store.store import Store

DELETE = 3
PHOTOS, SEED = 1500, 1
# A test suite starts many sandboxes with the same few libraries. Larger ones take too much memory.
CACHED_LIBRARIES, MOST_CACHED_PHOTOS = 8, 3000


class LibraryMismatch(Exception):
    """The library does not match the settings; the text says how, and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The sandbox's API key, and an access token of its owner, with permission to delete."""

    api_key: str
    secret: str = field(repr=False)
    user_id: str
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


def fill(store: Store, count: int | None = None, seed: int | None = None) -> Account:
    """Return the account of a library, and fill an empty library with `count` photos first.

    By default a new library has 1,500 photos and seed 1, and a kept library has the values that it was
    made with. Raises `LibraryMismatch` if it was made with another count or seed.
    """
    if store.empty:
        count, seed = PHOTOS if count is None else count, SEED if seed is None else seed
        if store.in_memory and count <= MOST_CACHED_PHOTOS:
            store.restore(_make_library(count, seed))
        else:
            _fill_empty(store, count, seed)
        return make_account(seed)
    return open_kept(store, count, seed)


@lru_cache(CACHED_LIBRARIES)
def _make_library(count: int, seed: int) -> bytes:
    """Return a copy of a new library, for `Store.restore`."""
    store = Store()
    try:
        _fill_empty(store, count, seed)
        return store.copy()
    finally:
        store.close()


def _fill_empty(store: Store, count: int, seed: int) -> None:
    with store.transaction():
        people.fill_people(store, Random(f"{seed} people"))
        photos.fill_photos(store, Random(f"{seed} photos"), count)
        if count >= awkward.LEAST_PHOTOS:
            awkward.change_photos(store)
    store.script("indexes.sql")
    with store.transaction():
        _fill_around(store, seed)
        if count >= awkward.LEAST_PHOTOS:
            awkward.fill_awkward(store, Random(f"{seed} awkward"))
        admit(store, make_account(seed))
        store.set_meta("photos", str(count))
    store.script("triggers.sql")
    store.set_meta("seed", str(seed))


def open_kept(store: Store, count: int | None, seed: int | None) -> Account:
    """Return the account of a kept library. Raises `LibraryMismatch` for another count or seed."""
    if store.meta("seed") is None:
        raise LibraryMismatch("is incomplete: delete it, and start again")
    made = int(store.meta("photos") or 0), int(store.meta("seed") or 0)
    if count not in (None, made[0]) or seed not in (None, made[1]):
        raise LibraryMismatch(
            "was made with {} photos and seed {}: use these, or another folder".format(*made)
        )
    return make_account(made[1], user_id=store.account()["nsid"])


def _fill_around(store: Store, seed: int) -> None:
    """Fill the tables that refer to people and photos."""
    people.fill_blogs(store, Random(f"{seed} blogs"))
    people.fill_institutions(store, Random(f"{seed} institutions"))
    people.fill_testimonials(store, Random(f"{seed} testimonials"))
    photosets.fill_photosets(store, Random(f"{seed} photosets"))
    photosets.fill_galleries(store, Random(f"{seed} galleries"))
    groups.fill_groups(store, Random(f"{seed} groups"))
    photosets.fill_favorites(store, Random(f"{seed} favorites"))
    talk.fill_talk(store, Random(f"{seed} talk"))
    store.run("INSERT INTO photo_text (photo_text) VALUES ('rebuild')")


def add_large_account(store: Store) -> Account:
    """Return the account of 12,000 photos; the first call makes it.

    It has the key of the library's other account, and a token of its own.
    """
    seed = int(store.meta("seed") or 0)
    account = make_account(seed, "large account", large.NSID)
    first = make_account(seed)
    account = replace(account, api_key=first.api_key, secret=first.secret)
    if store.one("SELECT 1 FROM people WHERE nsid = :nsid", nsid=large.NSID) is None:
        with store.transaction():
            large.fill_large(store, Random(f"{seed} large"))
            _add_token(store, account)
    return account


def make_account(seed: int, name: str = "account", user_id: str = people.nsid(0)) -> Account:
    """Make the keys and tokens of an account from a seed; they are not stored."""
    chance = Random(f"{seed} {name}")

    def digits(count: int) -> str:
        return chance.randbytes(count // 2).hex()

    return Account(
        api_key=digits(32),
        secret=digits(16),
        user_id=user_id,
        access_token=f"72157700000000000-{digits(16)}",
        access_token_secret=digits(16),
    )


def admit(store: Store, account: Account) -> None:
    """Store an account's key and token."""
    store.set_meta("account", account.user_id)
    store.insert("api_keys", key=account.api_key, secret=account.secret)
    _add_token(store, account)


def _add_token(store: Store, account: Account) -> None:
    store.insert(
        "access_tokens",
        token=account.access_token,
        secret=account.access_token_secret,
        api_key=account.api_key,
        nsid=account.user_id,
        perms=DELETE,
    )
