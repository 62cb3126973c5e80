"""Fill a new library with one's own content."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from flickr_sandbox.answers.photos.tags import insert_tags, join_tags
from flickr_sandbox.own_library.content import Content, SourceFile
from flickr_sandbox.own_library.schema import PRIVACY, Record
from flickr_sandbox.store import Store
from flickr_sandbox.store.library import Account, admit, make_account
from flickr_sandbox.store.library.groups import group_nsid
from flickr_sandbox.store.library.people import DAY, FIRST_DAY, nsid
from flickr_sandbox.store.library.photos import FIRST_ID, LAST_DAY, STEP

HOUR = 3600
SERVER, FARM = "65535", 66
WIDTH, HEIGHT = 4000, 3000
"""The dimensions of photos without a file, in pixels; they are drawn."""

_MEMBER, _ADMIN = 2, 4


def fill_own(store: Store, content: Content, seed: int, files: Path) -> Account:
    """Fill a store without rows, copy the photos' files to a folder, and return the account.

    The seed decides the account's key and the photos' secrets. Raises `OSError` if a file cannot be
    copied.
    """
    store.script("indexes.sql")
    store.script("triggers.sql")
    with store.transaction():
        people = _fill_people(store, content.people)
        photos = _fill_photos(store, content.photos, people, Random(f"{seed} photos"), files)
        for position, photoset in enumerate(content.sets):
            _add_photoset(store, photoset, position, people, photos)
        for number, group in enumerate(content.groups):
            _add_group(store, group, number, people, content.photos, photos)
        account = make_account(seed, user_id=people[0])
        admit(store, account)
        store.set_meta("photos", str(len(photos)))
        store.set_meta("library", content.digest)
    store.set_meta("seed", str(seed))
    return account


def _fill_people(store: Store, records: list[Record]) -> list[str]:
    taken = {record["nsid"] for record in records if "nsid" in record}
    numbers = (nsid(n) for n in range(len(records) + len(taken)))
    unused = (name for name in numbers if name not in taken)
    people = [record["nsid"] if "nsid" in record else next(unused) for record in records]
    for person, record in zip(people, records, strict=True):
        store.insert(
            "people",
            nsid=person,
            username=record["username"],
            realname=record.get("realname", ""),
            location=record.get("location", ""),
            description=record.get("description", ""),
            path_alias=record.get("alias"),
            email=record.get("email", ""),
            ispro=record.get("pro", 0),
            is_deleted=record.get("deleted", 0),
            joined=FIRST_DAY,
        )
    for person, record in zip(people, records, strict=True):
        for contact in _contacts(record):
            store.insert(
                "contacts",
                owner=person,
                contact=people[contact],
                friend=int(contact in record.get("friends", ())),
                family=int(contact in record.get("family", ())),
                created=FIRST_DAY,
            )
    return people


def _contacts(record: Record) -> list[int]:
    keys = ("contacts", "friends", "family")
    return list(dict.fromkeys(contact for key in keys for contact in record.get(key, ())))


def _fill_photos(
    store: Store, records: list[Record], people: list[str], chance: Random, files: Path
) -> list[int]:
    taken = {record["id"] for record in records if "id" in record}
    numbers = range(FIRST_ID, FIRST_ID + STEP * (len(records) + len(taken) + 1), STEP)
    unused = (number for number in numbers if number not in taken)
    photos = [record["id"] if "id" in record else next(unused) for record in records]
    for place, (photo, record) in enumerate(zip(photos, records, strict=True)):
        # The last of the document is the newest.
        posted = record.get("posted", LAST_DAY - HOUR * (len(records) - place))
        _add_photo(store, photo, record, people, posted, chance, files)
        _add_comments(store, "photo", photo, record, people, posted)
        for person in record.get("favorites", ()):
            store.insert("favorites", person=people[person], photo=photo, faved=posted + HOUR)
    return photos


def _add_photo(
    store: Store,
    photo: int,
    record: Record,
    people: list[str],
    posted: int,
    chance: Random,
    files: Path,
) -> None:
    secret, original = (chance.randbytes(5).hex() for _ in range(2))
    public, friend, family = record.get("privacy", PRIVACY["public"])
    store.insert(
        "photos",
        id=photo,
        owner=people[record["owner"]],
        secret=secret,
        originalsecret=original,
        server=SERVER,
        farm=FARM,
        title=record.get("title", _title(record.get("file"))),
        description=record.get("description", ""),
        posted=posted,
        lastupdate=posted,
        taken=_time_taken(record, posted),
        license=record.get("license", 0),
        safety_level=record.get("safety", 0),
        content_type=record.get("content", 0),
        views=record.get("views", 0),
        ispublic=public,
        isfriend=friend,
        isfamily=family,
        exif=record.get("exif", "shown"),
        **_location(record.get("location")),
        **_file_columns(record.get("file"), f"{photo}_{original}", files),
    )
    insert_tags(store, photo, None, list(_unique_tags(record)))
    store.run(
        "UPDATE photos SET tags = :tags WHERE id = :id", tags=join_tags(store, photo), id=photo
    )


def _title(file: SourceFile | None) -> str:
    return file.path.stem if file else ""


def _time_taken(record: Record, posted: int) -> str:
    file = record.get("file")
    written = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(posted))
    return str(record.get("taken") or (file and file.media.taken) or written)


def _location(location: Record | None) -> dict[str, Any]:
    return {"accuracy": 16, **location} if location else {}


def _file_columns(file: SourceFile | None, name: str, files: Path) -> dict[str, Any]:
    if file is None:
        return {"width": WIDTH, "height": HEIGHT}
    stored = f"{name}.{file.kind.extension}"
    shutil.copyfile(file.path, files / stored)
    return {
        "file": stored,
        "media": file.kind.media,
        "originalformat": file.kind.extension,
        "width": file.media.width,
        "height": file.media.height,
        "duration": file.media.duration,
    }


def _unique_tags(record: Record) -> Iterator[str]:
    # As in the form of an upload, quotes are not part of a tag.
    for raw in dict.fromkeys(record.get("tags", ())):
        yield re.sub(r'"', "", raw).strip()


def _add_comments(
    store: Store, kind: str, number: int, record: Record, people: list[str], posted: int
) -> None:
    for place, comment in enumerate(record.get("comments", ())):
        store.insert(
            "comments",
            id=store.next_id(),
            **{kind: number},
            author=people[comment["author"]],
            created=comment.get("created", posted + HOUR * (place + 1)),
            text=comment["text"],
        )


def _add_photoset(
    store: Store, record: Record, position: int, people: list[str], photos: list[int]
) -> None:
    number, created = store.next_id(), record.get("created", FIRST_DAY + DAY * position)
    store.insert(
        "photosets",
        id=number,
        owner=people[record["owner"]],
        title=record["title"],
        description=record.get("description", ""),
        primary_photo=photos[record.get("primary", record["photos"][0])],
        position=position,
        created=created,
        updated=created,
    )
    for place, photo in enumerate(record["photos"]):
        store.insert("photoset_photos", photoset=number, photo=photos[photo], position=place)
    _add_comments(store, "photoset", number, record, people, created)


def _add_group(
    store: Store,
    record: Record,
    number: int,
    people: list[str],
    records: list[Record],
    photos: list[int],
) -> None:
    group, created = record.get("nsid", group_nsid(number)), FIRST_DAY + DAY * number
    store.insert(
        "groups",
        nsid=group,
        name=record["name"],
        description=record.get("description", ""),
        rules=record.get("rules", ""),
        path_alias=record.get("alias"),
        privacy=record.get("privacy", 3),
        created=created,
    )
    # Only members have photos in a pool.
    pool = record.get("photos", ())
    members = dict.fromkeys([*record.get("members", ()), *(records[n]["owner"] for n in pool)])
    for place, person in enumerate(members):
        rank = _MEMBER if place else _ADMIN
        store.insert(
            "group_members",
            group_nsid=group,
            person=people[person],
            membertype=rank,
            joined=created + DAY,
        )
    for place, photo in enumerate(pool):
        added = created + 2 * DAY + HOUR * place
        store.insert("pool_photos", group_nsid=group, photo=photos[photo], added=added)
