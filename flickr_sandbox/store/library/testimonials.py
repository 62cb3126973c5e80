"""The testimonials of a library: about the account and by it, approved and waiting."""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.people import FIRST_DAY, nsid
from flickr_sandbox.store.store import Store

TEXTS = (
    "Always there when the light is good.",
    "Knows every lake by name.",
    "Très gentil & patient.",
    "素晴らしい写真家です。",
)
# Author and subject by number of person, and whether it is approved.
PAIRS = ((1, 0, 1), (2, 0, 1), (3, 0, 0), (0, 1, 1), (0, 2, 0), (4, 5, 1))


def fill(store: Store, chance: Random) -> None:
    """One for each of the pairs."""
    for number, (author, about, approved) in enumerate(PAIRS):
        created = FIRST_DAY + chance.randrange(10**8)
        store.insert(
            "testimonials",
            id=store.next_id(),
            author=nsid(author),
            about=nsid(about),
            text=TEXTS[number % len(TEXTS)],
            created=created,
            approved=created + chance.randrange(10**5) if approved else None,
        )
