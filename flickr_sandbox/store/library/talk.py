"""Fill a library with comments, notes, people, earlier licenses and suggestions on its photos.

Only the newest few hundred photos have comments and the like.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from flickr_sandbox.store.library.people import nsid
from flickr_sandbox.store.library.words import COMMENTS, NOTES, PEOPLE
from flickr_sandbox.store.store import Row, Store

HOUR = 3600
NEWEST = 400
# Every nth photo has comments, notes, people, an earlier license, or a suggestion.
COMMENT_STEP, NOTE_STEP, PEOPLE_STEP, LICENSE_STEP, SUGGESTION_STEP = 3, 12, 9, 8, 25
# The number of comments of one photo, enough for several pages.
MANY = 120
LICENSES = (0, 1, 3, 6)
_PHOTOS = """
SELECT id, owner, posted, width, height, license, latitude FROM photos WHERE ispublic
ORDER BY posted DESC LIMIT :most
"""


def fill_talk(store: Store, chance: Random) -> None:
    """Add comments and the like to the newest public photos."""
    photos = store.all(_PHOTOS, most=NEWEST)
    store.many(
        "INSERT INTO comments (id, photo, author, created, text) VALUES (?, ?, ?, ?, ?)",
        _comments(store, chance, photos),
    )
    store.many(
        "INSERT INTO notes (id, photo, author, x, y, w, h, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        _notes(store, chance, photos[::NOTE_STEP]),
    )
    store.many(
        "INSERT INTO photo_people (photo, person, added_by, x, y, w, h)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        _people(chance, photos[::PEOPLE_STEP]),
    )
    store.many(
        "INSERT INTO license_history (photo, changed, old_license, new_license)"
        " VALUES (?, ?, ?, ?)",
        _licenses(chance, photos[::LICENSE_STEP]),
    )
    store.many(
        "INSERT INTO suggestions (id, photo, suggested_by, created, latitude, longitude, accuracy,"
        " note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        _suggestions(
            store, chance, [p for p in photos if p["latitude"] is None][::SUGGESTION_STEP]
        ),
    )


def _others(chance: Random, photo: Row, count: int) -> list[str]:
    everybody = [nsid(number) for number in range(len(PEOPLE)) if nsid(number) != photo["owner"]]
    return chance.choices(everybody, k=count)


def _comments(
    store: Store, chance: Random, photos: list[Row]
) -> Iterator[tuple[int, int, str, int, str]]:
    for place, photo in enumerate(photos[::COMMENT_STEP]):
        count = MANY if place == 1 else 1 + place % 4
        for number, author in enumerate(_others(chance, photo, count)):
            created = photo["posted"] + HOUR * (number + 1)
            yield store.next_id(), photo["id"], author, created, chance.choice(COMMENTS)


def _notes(
    store: Store, chance: Random, photos: list[Row]
) -> Iterator[tuple[int, int, str, int, int, int, int, str]]:
    for photo in photos:
        for author in (photo["owner"], *_others(chance, photo, chance.randrange(2))):
            x, y = chance.randrange(80), chance.randrange(80)
            yield store.next_id(), photo["id"], author, x, y, 40, 30, chance.choice(NOTES)


def _people(
    chance: Random, photos: list[Row]
) -> Iterator[tuple[int, str, str, int | None, int | None, int | None, int | None]]:
    for photo in photos:
        for person in sorted(set(_others(chance, photo, 1 + chance.randrange(3)))):
            box = (chance.randrange(60), chance.randrange(60), 50, 60)
            x, y, w, h = box if chance.randrange(2) else (None,) * 4
            yield photo["id"], person, photo["owner"], x, y, w, h


def _licenses(chance: Random, photos: list[Row]) -> Iterator[tuple[int, int, int, int]]:
    for photo in photos:
        before = chance.choice([number for number in LICENSES if number != photo["license"]])
        yield photo["id"], photo["posted"] + HOUR, before, photo["license"]


def _suggestions(
    store: Store, chance: Random, photos: list[Row]
) -> Iterator[tuple[int, int, str, int, float, float, int, str]]:
    for photo in photos:
        (author,) = _others(chance, photo, 1)
        lat, lon = chance.randrange(-60, 70) + 0.5, chance.randrange(-180, 180) + 0.25
        created = photo["posted"] + HOUR
        yield store.next_id(), photo["id"], author, created, lat, lon, 11, "Is it here?"
