"""Fill a library with what programs often handle wrongly; small libraries have none of it.

The account's photos in the middle of its listing are changed, so that the newest and the oldest stay
ordinary. They also get 60 groups for one photo, and comments by a deleted member.
"""

from __future__ import annotations

from random import Random
from typing import Any

from flickr_sandbox.store.library.groups import group_nsid
from flickr_sandbox.store.library.people import DAY, DELETED, FIRST_DAY, nsid
from flickr_sandbox.store.library.words import MOODS, PEOPLE, SUBJECTS
from flickr_sandbox.store.store import Store

LEAST_PHOTOS = 200
"""The number of photos from which a library is awkward."""

Changes = dict[str, Any]
_PUBLIC: Changes = {"ispublic": 1, "isfriend": 0, "isfamily": 0}
_NOT_PUBLIC: Changes = {**_PUBLIC, "ispublic": 0}
_STILL: Changes = {
    "media": "photo", "duration": None, "originalformat": "jpg", "content_type": 0,
    "width": 4000, "height": 3000,
}  # fmt: skip
_VIDEO: Changes = {
    **_STILL, "media": "video", "duration": 42, "originalformat": "mp4",
    "width": 1920, "height": 1080,
}  # fmt: skip
_HTML = (
    '<b>Bold</b> and <i>italic</i>, <a href="https://example.org/?a=1&amp;b=2" rel="noreferrer '
    'nofollow">a link</a> &amp; an &lt;entity&gt;.\n\nA "quoted" line, 🎞️ and a <br /> break.'
)
# The changes of each of the account's awkward photos.
AWKWARD: tuple[Changes, ...] = (
    {**_PUBLIC, **_STILL},
    {**_NOT_PUBLIC, **_STILL, "isfriend": 1},
    {**_NOT_PUBLIC, **_STILL, "isfamily": 1},
    {**_NOT_PUBLIC, **_STILL, "isfriend": 1, "isfamily": 1},
    {**_NOT_PUBLIC, **_STILL},
    {**_PUBLIC, **_STILL, "exif": "hidden"},
    {**_PUBLIC, **_STILL, "exif": "none"},
    {**_PUBLIC, **_VIDEO},
    {**_PUBLIC, **_VIDEO, "video_state": "pending"},
    {**_PUBLIC, **_VIDEO, "video_state": "failed", "taken": "0000-00-00 00:00:00"},
    *({**_PUBLIC, "title": title}
      for title in ("", "2019", "007", "0", "-1.50", "1e5", "null", "true", " spaces  inside ")),
    {**_PUBLIC, "title": "🦊🏳️‍🌈 \"double\" & 'single' \\ back", "description": _HTML},
)  # fmt: skip
GROUPS = 60
# Number, user name, columns. Their real name and location are private or empty.
PEOPLE_WITHOUT_NAMES: tuple[tuple[int, str, Changes], ...] = (
    (10, "keeps_private", {"hides_name": 1}),
    (11, "left_empty", {}),
)
PHOTOS_OF_EACH = 3
# Photos of others, of which some become those of people without names; and the account's photos.
_OTHERS = "FROM photos WHERE owner <> :me AND media = 'photo' AND ispublic"
_MINE = "FROM photos WHERE owner = :me"


def change_photos(store: Store) -> None:
    """Add people without names, and change photos; call it before photos are put into sets."""
    others = _middle(store, _OTHERS, PHOTOS_OF_EACH * len(PEOPLE_WITHOUT_NAMES))
    for place, (number, username, columns) in enumerate(PEOPLE_WITHOUT_NAMES):
        person = nsid(number)
        store.insert("people", nsid=person, username=username, joined=FIRST_DAY, **columns)
        for photo in others[place :: len(PEOPLE_WITHOUT_NAMES)]:
            store.run("UPDATE photos SET owner = :owner WHERE id = :id", owner=person, id=photo)
    for photo, changes in zip(_middle(store, _MINE, len(AWKWARD)), AWKWARD, strict=False):
        names = ", ".join(f"{name} = :{name}" for name in changes)
        store.run(f"UPDATE photos SET {names} WHERE id = :id", id=photo, **changes)


def fill_awkward(store: Store, chance: Random) -> None:
    """Add groups for one photo, and what a deleted member left."""
    photo = _middle(store, _MINE, len(AWKWARD))[0]
    for number in range(GROUPS):
        _add_group(store, chance, number, photo)
    store.insert("favorites", person=DELETED, photo=photo, faved=FIRST_DAY)
    store.insert(
        "comments",
        id=store.next_id(),
        photo=photo,
        author=DELETED,
        created=FIRST_DAY + 4000 * DAY,
        text="I was here before I left.",
    )


def _add_group(store: Store, chance: Random, number: int, photo: int) -> None:
    mood, subject = MOODS[number % len(MOODS)], SUBJECTS[number // 4 % len(SUBJECTS)][0]
    group, created = group_nsid(100 + number), FIRST_DAY + (100 + number) * DAY
    store.insert("groups", nsid=group, name=f"{mood} {subject}, no. {number + 1}", created=created)
    for person in (0, 1 + chance.randrange(len(PEOPLE) - 1)):
        store.insert(
            "group_members",
            group_nsid=group,
            person=nsid(person),
            membertype=4 if person else 2,
            joined=created + DAY,
        )
    added = created + 4000 * DAY
    store.insert("pool_photos", group_nsid=group, photo=photo, added=added)


def _middle(store: Store, selection: str, count: int) -> list[int]:
    total = store.value(f"SELECT count(*) {selection}", me=nsid(0))
    rows = store.all(
        f"SELECT id {selection} ORDER BY id LIMIT :count OFFSET :first",
        me=nsid(0),
        count=count,
        first=max(0, (total - count) // 2),
    )
    return [row["id"] for row in rows]
