"""Fill a library with photos, as rows; pictures are drawn on request, from the photos' ids."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from flickr_sandbox.store.library.people import FIRST_DAY, nsid
from flickr_sandbox.store.library.words import (
    MACHINE_TAGS,
    MOODS,
    ODD_DESCRIPTIONS,
    ODD_TITLES,
    PEOPLE,
    SUBJECTS,
)
from flickr_sandbox.store.store import Store

LAST_DAY = 1706745600  # 2024-02-01
FIRST_ID = 53000000000
STEP = 97
OWNERS = tuple(nsid(number) for number in range(len(PEOPLE)))
# Width and height of originals: landscape, portrait, square, wide, and two small ones.
SHAPES = (
    (4000, 3000), (3000, 4000), (3000, 3000), (6000, 2000), (5472, 3648), (1600, 1200),
    (4000, 2667), (700, 525),
)  # fmt: skip
LICENSES = (0, 0, 0, 4, 5, 2, 9, 10)
_DICE = struct.Struct("<QQ16B")
_INSERT = """
INSERT INTO photos (id, owner, secret, originalsecret, server, farm, title, description, tags, posted,
  taken, takengranularity, takenunknown, lastupdate, license, safety_level, content_type, media,
  originalformat, width, height, duration, views, ispublic, isfriend, isfamily, latitude, longitude,
  accuracy)
VALUES (?, ?, ?, ?, ?, 66, ?, ?, ?, ?, datetime(?, 'unixepoch'),
  ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# The column `tags` of a photo identifies its choice of tags.
_CREATE_CHOICES = """
CREATE TEMP TABLE tag_choices (
  tags TEXT, number INTEGER, raw TEXT, tag TEXT, machine_tag INTEGER, PRIMARY KEY (tags, number)
) WITHOUT ROWID
"""
_INSERT_TAGS = """
INSERT INTO photo_tags
SELECT photos.id, number, NULL, raw, tag, machine_tag FROM photos CROSS JOIN tag_choices USING (tags)
WHERE photos.id BETWEEN :first AND :last
"""
Tag = tuple[str, str, int]
"""The raw tag, the normalised tag, and 1 for a machine tag."""

_TITLES = tuple(tuple(f"{mood} {subject}" for subject, _, _ in SUBJECTS) for mood in MOODS)


def normalise(raw: str) -> str:
    """Normalise a tag like Flickr: lower case, and only letters and digits, except in machine tags."""
    if is_machine_tag(raw):
        return raw.lower().replace(" ", "")
    return "".join(letter for letter in raw.lower() if letter.isalnum())


def is_machine_tag(raw: str) -> bool:
    """Return True if a tag has a namespace, a predicate and a value, such as `geo:lat=1.5`."""
    head, sign, _ = raw.partition("=")
    space, colon, predicate = head.partition(":")
    return bool(sign and colon and space.isidentifier() and predicate.isidentifier())


# Shared values are made once, so that 100,000 photos take less than two seconds.
_MACHINE_TAGS: tuple[Tag, ...] = tuple((raw, normalise(raw), 1) for raw in MACHINE_TAGS)


def fill_photos(
    store: Store,
    chance: Random,
    count: int,
    owners: Sequence[str] = OWNERS,
    first_id: int = FIRST_ID,
) -> None:
    """Add `count` photos: half are by the first of `owners`, a tenth of these private.

    Ids increase with the time of posting, from `first_id`.
    """
    dice = chance.randbytes(_DICE.size * count)
    store.many(_INSERT, _rows(dice, count, owners, first_id))
    store.run(_CREATE_CHOICES)
    store.many("INSERT INTO tag_choices VALUES (?, ?, ?, ?, ?)", _choice_rows())
    store.run(_INSERT_TAGS, first=first_id, last=first_id + STEP * count)
    store.run("DROP TABLE tag_choices")


def _rows(
    dice: bytes, count: int, owners: Sequence[str], first_id: int
) -> Iterator[tuple[Any, ...]]:
    owner, *others = owners
    others = others or [owner]
    pace = (LAST_DAY - FIRST_DAY) / max(count, 1)
    choices = [[" ".join(tag for _, tag, _ in tags) for tags in each] for each in _tag_choices()]
    descriptions = [
        [_description(die, subject) for subject, _, _ in SUBJECTS] for die in range(256)
    ]
    for number, (left, right, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q) in enumerate(
        _DICE.iter_unpack(dice)
    ):
        mine = a % 2 == 0
        subject = b % len(SUBJECTS)
        posted = FIRST_DAY + int(pace * number) + c * int(pace) // 256
        video = f % 50 == 49
        width, height = (1920, 1080) if video else SHAPES[g % 8]
        undated = e % 16 == 3
        private = mine and h % 10 == 9
        placed = i % 3 == 0
        latitude, longitude = SUBJECTS[subject][2]
        yield (
            first_id + number * STEP + j % STEP,
            owner if mine else others[k % len(others)],
            f"{left & 0xFFFFFFFFFF:010x}",
            f"{right & 0xFFFFFFFFFF:010x}",
            "65535" if m % 4 else str(1000 + (left >> 50)),
            ODD_TITLES[n % len(ODD_TITLES)] if o % 12 == 0 else _TITLES[n % 16][subject],
            descriptions[p][subject],
            choices[subject][m % 4 + (4 + n % 3 * 4 if o % 16 == 1 else 0)],
            posted,
            posted if undated else posted - 60 * (256 * d + e),
            0 if o % 20 else 4,
            int(undated),
            posted + (left >> 44) % 1_000_000,
            LICENSES[q % 8],
            1 if q == 200 else 2 if q == 201 else 0,
            1 if e % 32 == 7 else 2 if e % 64 == 9 else 0,
            "video" if video else "photo",
            "mp4" if video else "png" if e % 32 == 7 else "jpg",
            width,
            height,
            5 + c % 60 if video else None,
            right >> 48,
            0 if private else 1,
            1 if private and h % 4 == 1 else 0,
            1 if private and h % 8 == 3 else 0,
            round(latitude + (c - 128) / 500, 6) if placed else None,
            round(longitude + (d - 128) / 500, 6) if placed else None,
            16 - m % 6 if placed else 0,
        )


def _description(die: int, subject: str) -> str:
    if die % 3:
        return ""
    return ODD_DESCRIPTIONS[die % 4] if die % 5 == 0 else f"Seen on a walk: {subject}."


def _tag_choices() -> Iterator[list[tuple[Tag, ...]]]:
    """Yield the choices of tags by subject: none to three, then the same with each machine tag."""
    for _, raws, _ in SUBJECTS:
        tags: tuple[Tag, ...] = tuple((raw, normalise(raw), 0) for raw in raws)
        endings = ((), *((machine,) for machine in _MACHINE_TAGS))
        yield [(*tags[:most], *ending) for ending in endings for most in range(4)]


def _choice_rows() -> Iterator[tuple[str, int, str, str, int]]:
    choices = {choice for each in _tag_choices() for choice in each}
    for choice in choices:
        text = " ".join(tag for _, tag, _ in choice)
        for place, (raw, tag, machine) in enumerate(choice):
            yield text, place + 1, raw, tag, machine
