"""The second account, with 12,000 photos, which is only made when it is asked for."""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.people import FIRST_DAY, nsid
from flickr_sandbox.store.library.photos import fill_photos
from flickr_sandbox.store.store import Store

PHOTOS = 12_000
# Far from the numbers of other people, also of those in a library of one's own.
NSID = nsid(5000)
FIRST_ID = 52000000000
# The most photos that a set holds on Flickr; the last photos are in no set.
SET_SIZE, SETS = 5000, 2


def fill_large(store: Store, chance: Random) -> None:
    """Add the person, with photos and sets."""
    store.insert(
        "people",
        nsid=NSID,
        username="archivist",
        realname="Ana Archivist",
        location="Porto, Portugal",
        path_alias="archivist",
        email="archivist@example.org",
        ispro=1,
        joined=FIRST_DAY,
    )
    fill_photos(store, chance, PHOTOS, (NSID,), FIRST_ID)
    photos = store.all("SELECT id FROM photos WHERE owner = :nsid ORDER BY id DESC", nsid=NSID)
    for place in range(SETS):
        chosen = [row["id"] for row in photos[place * SET_SIZE : (place + 1) * SET_SIZE]]
        number = store.next_id()
        store.insert(
            "photosets",
            id=number,
            owner=NSID,
            title=f"Archive, part {place + 1}",
            primary_photo=chosen[0],
            position=place,
            created=FIRST_DAY,
            updated=FIRST_DAY,
        )
        store.many(
            "INSERT INTO photoset_photos (photoset, photo, position) VALUES (?, ?, ?)",
            ((number, photo, position) for position, photo in enumerate(chosen)),
        )
