"""Fill a library with people, institutions of the Commons, blogs and testimonials.

Institutions are people without photos. The account has two blogs, one of them with a password, and
approved and pending testimonials.
"""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.words import PEOPLE
from flickr_sandbox.store.store import Store

FIRST_DAY = 1325376000  # 2012-01-01
DAY = 86400  # seconds
DELETED = "10000099@N00"
# The user name of the person who hides real name and location.
SHY = "olga"
# NSID, user name, alias, and the domain of the institution's site.
INSTITUTIONS = (
    ("20000001@N08", "Archive of the Sandbox", "sandboxarchive", "archive.example.org"),
    ("20000002@N08", "Museum of Small Things", "smallthings", "small-things.example.org"),
    ("20000003@N08", "Bibliothèque des Dunes", "dunes", "dunes.example.org"),
)
# Service, name, address, and 1 if posting needs a password.
BLOGS = (
    ("MetaWeblogAPI", "Sam's walks", "https://walks.example.org/", 0),
    ("Typepad", "Tests & trials", "https://trials.example.org/", 1),
)
TESTIMONIALS = (
    "Always there when the light is good.",
    "Knows every lake by name.",
    "Très gentil & patient.",
    "素晴らしい写真家です。",
)
# Of testimonials: author and subject by number of person, and 1 if it is approved.
TESTIMONIAL_PAIRS = ((1, 0, 1), (2, 0, 1), (3, 0, 0), (0, 1, 1), (0, 2, 0), (4, 5, 1))


def nsid(number: int) -> str:
    """Return the NSID of the person with a number; 0 is the account of the sandbox's key."""
    return f"{10000000 + number}@N0{number % 8}"


def fill_people(store: Store, chance: Random) -> None:
    """Add all people, the account's contacts, and one deleted person."""
    for number, (username, realname, location, alias) in enumerate(PEOPLE):
        store.insert(
            "people",
            nsid=nsid(number),
            username=username,
            realname=realname,
            location=location,
            hides_name=int(username == SHY),
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


def fill_institutions(store: Store, chance: Random) -> None:
    """Add each institution as a person."""
    for nsid, username, alias, _ in INSTITUTIONS:
        store.insert(
            "people",
            nsid=nsid,
            username=username,
            path_alias=alias,
            ispro=1,
            joined=FIRST_DAY - chance.randrange(10**7, 10**8),
        )


def fill_blogs(store: Store, chance: Random) -> None:
    """Add the account's blogs."""
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


def fill_testimonials(store: Store, chance: Random) -> None:
    """Add a testimonial for each of the pairs."""
    for number, (author, about, approved) in enumerate(TESTIMONIAL_PAIRS):
        created = FIRST_DAY + chance.randrange(10**8)
        store.insert(
            "testimonials",
            id=store.next_id(),
            author=nsid(author),
            about=nsid(about),
            text=TESTIMONIALS[number % len(TESTIMONIALS)],
            created=created,
            approved=created + chance.randrange(10**5) if approved else None,
        )
