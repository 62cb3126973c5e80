"""The galleries of a library: photos by others, gathered by somebody."""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.people import FIRST_DAY, nsid
from flickr_sandbox.store.library.words import GALLERIES
from flickr_sandbox.store.store import Store

DAY = 86400
SIZE = 30
_OTHERS = (
    "SELECT id FROM photos WHERE owner <> :owner AND ispublic AND safety_level = 0"
    " ORDER BY posted DESC LIMIT :most"
)


def fill(store: Store, chance: Random) -> None:
    """Three galleries of the account and one each of two others."""
    for place in range(3):
        _add(store, chance, 0, place)
    _add(store, chance, 1, 0)
    _add(store, chance, 4, 2)


def _add(store: Store, chance: Random, person: int, place: int) -> None:
    owner = nsid(person)
    found = [row["id"] for row in store.all(_OTHERS, owner=owner, most=SIZE * 3)]
    photos = chance.sample(found, min(len(found), SIZE - 10 * place))
    number = f"{owner.partition('@')[0]}-{store.next_id()}"
    created = FIRST_DAY + chance.randrange(4000) * DAY
    store.insert(
        "galleries",
        id=number,
        owner=owner,
        title=GALLERIES[place][0],
        description=GALLERIES[place][1],
        # One has none, so that its cover is made of several photos.
        primary_photo=photos[0] if photos and place < 2 else None,
        created=created,
        updated=created + DAY,
        views=chance.randrange(2000),
    )
    store.many(
        "INSERT INTO gallery_photos (gallery, photo, position, comment, added)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            (number, photo, position, "Look at the corner." if position % 4 == 1 else "", created)
            for position, photo in enumerate(photos)
        ),
    )
