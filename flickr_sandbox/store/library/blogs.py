"""The blogs of a library: two of the account's, one of them with a password."""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.people import nsid
from flickr_sandbox.store.store import Store

# Service, name, address, and whether a password is needed to post.
BLOGS = (
    ("MetaWeblogAPI", "Sam's walks", "https://walks.example.org/", 0),
    ("Typepad", "Tests & trials", "https://trials.example.org/", 1),
)


def fill(store: Store, chance: Random) -> None:
    """The account's blogs."""
    first = chance.randrange(1000, 9000)
    for number, (service, name, url, password) in enumerate(BLOGS):
        store.insert(
            "blogs",
            id=first + number,
            owner=nsid(0),
            service=service,
            name=name,
            url=url,
            needspassword=password,
        )
