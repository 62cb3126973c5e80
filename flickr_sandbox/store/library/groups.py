"""Fill a library with groups: members, pools, topics and replies."""

from __future__ import annotations

from random import Random

from flickr_sandbox.store.library.people import DAY, FIRST_DAY, nsid
from flickr_sandbox.store.library.words import GROUPS, PEOPLE, REPLIES, TOPICS
from flickr_sandbox.store.store import Store

POOL = 60
MEMBER, MODERATOR, ADMIN = 2, 3, 4
# The account's groups, by number, with its membership type.
OF_ACCOUNT = {0: ADMIN, 2: MEMBER, 4: MEMBER, 5: MEMBER}
_RECENT = "SELECT id, owner FROM photos WHERE ispublic ORDER BY posted DESC LIMIT 400"


def group_nsid(number: int) -> str:
    """Return the NSID of the group with a number."""
    return f"{2000000 + number}@N2{number % 5}"


def fill_groups(store: Store, chance: Random) -> None:
    """Add all groups with their content."""
    recent = store.all(_RECENT)
    for number, (name, alias, description, rules, special) in enumerate(GROUPS):
        group = group_nsid(number)
        store.insert(
            "groups",
            nsid=group,
            name=name,
            path_alias=alias,
            description=description,
            rules=rules,
            created=FIRST_DAY + number * DAY,
            iconserver=str(chance.randrange(1000, 65536)) if number % 2 == 0 else "0",
            iconfarm=66 if number % 2 == 0 else 0,
            **special,
        )
        members = _members(store, chance, number)
        _pool(store, chance, group, [row["id"] for row in recent if row["owner"] in members])
        _topics(store, chance, group, members)


def _members(store: Store, chance: Random, number: int) -> list[str]:
    people = [n for n in range(1, len(PEOPLE)) if (n + number) % 3 or n == 1 + number % 9]
    ranks = {1 + number % 9: MODERATOR if number == 0 else ADMIN}
    if number in OF_ACCOUNT:
        people, ranks = [0, *people], ranks | {0: OF_ACCOUNT[number]}
    for person in people:
        store.insert(
            "group_members",
            group_nsid=group_nsid(number),
            person=nsid(person),
            membertype=ranks.get(person, MEMBER),
            joined=FIRST_DAY + chance.randrange(4000) * DAY,
        )
    return [nsid(person) for person in people]


def _pool(store: Store, chance: Random, group: str, photos: list[int]) -> None:
    added = FIRST_DAY + 4000 * DAY
    store.many(
        "INSERT INTO pool_photos (group_nsid, photo, added) VALUES (?, ?, ?)",
        (
            (group, photo, added + 60 * place)
            for place, photo in enumerate(chance.sample(photos, min(len(photos), POOL)))
        ),
    )


def _topics(store: Store, chance: Random, group: str, members: list[str]) -> None:
    for place, (subject, message) in enumerate(TOPICS):
        topic, created = store.next_id(), FIRST_DAY + (4000 + place) * DAY
        store.insert(
            "topics",
            id=topic,
            group_nsid=group,
            author=chance.choice(members),
            subject=subject,
            message=message,
            created=created,
            is_sticky=int(place == 2),
            is_locked=int(place == 2),
        )
        for later in range(5 * (2 - place)):
            store.insert(
                "replies",
                id=store.next_id(),
                topic=topic,
                author=chance.choice(members),
                message=chance.choice(REPLIES),
                created=created + 600 * (later + 1),
            )
