"""What the people of a library like: photos by others."""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.people import FIRST_DAY, nsid
from flickr_sandbox.store.library.words import PEOPLE
from flickr_sandbox.store.store import Store

DAY = 86400
MOST = 40
_RECENT = "SELECT id, owner FROM photos WHERE ispublic ORDER BY posted DESC LIMIT 300"


def fill(store: Store, chance: Random) -> None:
    """Up to 40 favourites of everybody, among the newest photos."""
    recent = store.all(_RECENT)
    for person in range(len(PEOPLE)):
        others = [row["id"] for row in recent if row["owner"] != nsid(person)]
        store.many(
            "INSERT INTO favorites (person, photo, faved) VALUES (?, ?, ?)",
            (
                (nsid(person), photo, FIRST_DAY + 4100 * DAY + 3600 * place + person)
                for place, photo in enumerate(chance.sample(others, min(len(others), MOST)))
            ),
        )
