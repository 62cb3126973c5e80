"""Fill a library with photosets, collections of them, galleries and favorites."""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.people import DAY, FIRST_DAY, nsid
from flickr_sandbox.store.library.words import COLLECTIONS, COMMENTS, GALLERIES, PEOPLE, PHOTOSETS
from flickr_sandbox.store.store import Store

# The numbers of photos in the account's sets, repeated in this order.
SIZES = (700, 40, 1, 12, 90, 5, 600, 40, 1, 12, 90, 5)
PHOTOS_OF_EACH_OTHER = 25
# Of the account's photos, up to 10 are in no set, one after each 9 others; small libraries have none.
LOOSE, LOOSE_STEP, LEAST_FOR_LOOSE = 10, 10, 80
_OF = "SELECT id FROM photos WHERE owner = :owner ORDER BY posted DESC LIMIT :most"
_INSERT = "INSERT INTO photoset_photos (photoset, photo, position) VALUES (?, ?, ?)"
GALLERY_SIZE = 30
_SAFE_PHOTOS_OF_OTHERS = (
    "SELECT id FROM photos WHERE owner <> :owner AND ispublic AND safety_level = 0"
    " ORDER BY posted DESC LIMIT :most"
)
FAVORITES_EACH = 40
_NEWEST_PHOTOS = "SELECT id, owner FROM photos WHERE ispublic ORDER BY posted DESC LIMIT 300"


def fill_photosets(store: Store, chance: Random) -> None:
    """Add photosets of the account, two each of some other people, and the account's collections."""
    mine = _without_loose(_photos(store, nsid(0), max(SIZES) + LOOSE))[: max(SIZES)]
    numbers = [
        _add_photoset(
            store, chance, place, (nsid(0), *names), mine[:1] + _some(chance, mine[1:], place)
        )
        for place, names in enumerate(PHOTOSETS if mine else ())
    ]
    for person in range(1, len(PEOPLE), 2):
        theirs = _photos(store, nsid(person), PHOTOS_OF_EACH_OTHER)
        for place in range(2 if theirs else 0):
            names = PHOTOSETS[(person + place) % len(PHOTOSETS)]
            some = theirs[place * 5 :] or theirs
            _add_photoset(store, chance, place, (nsid(person), *names), some)
    _collections(store, numbers)


def _photos(store: Store, owner: str, most: int) -> list[int]:
    return [row["id"] for row in store.all(_OF, owner=owner, most=most)]


def _without_loose(photos: list[int]) -> list[int]:
    if len(photos) < LEAST_FOR_LOOSE:
        return photos
    loose = set(photos[LOOSE_STEP - 1 :: LOOSE_STEP][:LOOSE])
    return [photo for photo in photos if photo not in loose]


def _some(chance: Random, photos: list[int], place: int) -> list[int]:
    size = SIZES[place % len(SIZES)] - 1
    return photos if size >= len(photos) else chance.sample(photos, size)


def _add_photoset(
    store: Store, chance: Random, place: int, names: tuple[str, str, str], photos: list[int]
) -> int:
    number, created = store.next_id(), FIRST_DAY + chance.randrange(4000) * DAY
    owner, title, description = names
    store.insert(
        "photosets",
        id=number,
        owner=owner,
        title=title,
        description=description,
        primary_photo=photos[place % len(photos)],
        position=place,
        created=created,
        updated=created + chance.randrange(DAY),
        views=chance.randrange(500),
    )
    store.many(_INSERT, ((number, photo, position) for position, photo in enumerate(photos)))
    for _ in range(place % 3):
        store.insert(
            "comments",
            id=store.next_id(),
            photoset=number,
            author=nsid(1 + chance.randrange(len(PEOPLE) - 1)),
            created=created + chance.randrange(DAY),
            text=chance.choice(COMMENTS),
        )
    return number


def _collections(store: Store, sets: list[int]) -> None:
    made: list[str] = []
    for place, (title, description, parent, first, last) in enumerate(COLLECTIONS if sets else ()):
        made.append(f"{nsid(0).partition('@')[0]}-{store.next_id()}")
        store.insert(
            "collections",
            id=made[-1],
            owner=nsid(0),
            parent=made[parent] if parent is not None else None,
            title=title,
            description=description,
            position=place,
            created=FIRST_DAY + place * DAY,
        )
        for position, photoset in enumerate(sets[first:last]):
            store.insert(
                "collection_sets", collection=made[-1], photoset=photoset, position=position
            )


def fill_galleries(store: Store, chance: Random) -> None:
    """Add three galleries of the account, and one each of two other people."""
    for place in range(3):
        _add_gallery(store, chance, 0, place)
    _add_gallery(store, chance, 1, 0)
    _add_gallery(store, chance, 4, 2)


def _add_gallery(store: Store, chance: Random, person: int, place: int) -> None:
    owner = nsid(person)
    found = [
        row["id"] for row in store.all(_SAFE_PHOTOS_OF_OTHERS, owner=owner, most=GALLERY_SIZE * 3)
    ]
    photos = chance.sample(found, min(len(found), GALLERY_SIZE - 10 * place))
    number = f"{owner.partition('@')[0]}-{store.next_id()}"
    created = FIRST_DAY + chance.randrange(4000) * DAY
    store.insert(
        "galleries",
        id=number,
        owner=owner,
        title=GALLERIES[place][0],
        description=GALLERIES[place][1],
        # One gallery has no primary photo, so that its cover consists of several photos.
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


def fill_favorites(store: Store, chance: Random) -> None:
    """Add up to 40 favorites of each person, among the newest photos."""
    recent = store.all(_NEWEST_PHOTOS)
    for person in range(len(PEOPLE)):
        others = [row["id"] for row in recent if row["owner"] != nsid(person)]
        store.many(
            "INSERT INTO favorites (person, photo, faved) VALUES (?, ?, ?)",
            (
                (nsid(person), photo, FIRST_DAY + 4100 * DAY + 3600 * place + person)
                for place, photo in enumerate(
                    chance.sample(others, min(len(others), FAVORITES_EACH))
                )
            ),
        )
