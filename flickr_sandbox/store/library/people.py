"""The people of a library: the account that its key belongs to, and others."""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.words import PEOPLE
from flickr_sandbox.store.store import Store

FIRST_DAY = 1325376000  # 2012-01-01
DELETED = "10000099@N00"


def nsid(number: int) -> str:
    """The NSID of the person with a number; 0 is the account of the sandbox's key."""
    return f"{10000000 + number}@N0{number % 8}"


def fill(store: Store, chance: Random) -> None:
    """Everybody, how the account sees them, and one who has gone."""
    for number, (username, realname, location, alias) in enumerate(PEOPLE):
        store.insert(
            "people",
            nsid=nsid(number),
            username=username,
            realname=realname,
            location=location,
            path_alias=alias,
            email=f"person{number}@example.org",
            description="Takes pictures." if number % 2 else "",
            iconserver=str(chance.randrange(1000, 65536)) if number % 3 else "0",
            iconfarm=66 if number % 3 else 0,
            ispro=int(number % 2 == 0),
            joined=FIRST_DAY - chance.randrange(10**8),
        )
    store.insert("people", nsid=DELETED, username="gone", joined=FIRST_DAY - 10**7, is_deleted=1)
    for number in range(1, len(PEOPLE)):
        friend, family = int(number % 2 == 1), int(number % 4 == 2)
        for owner, contact in ((0, number), (number, 0)):
            store.insert(
                "contacts",
                owner=nsid(owner),
                contact=nsid(contact),
                friend=friend,
                family=family,
                created=FIRST_DAY + number * 10**6,
            )
