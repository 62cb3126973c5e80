"""Turn uploaded files into photos of the library, and replace the files of photos."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flickr_sandbox.answers.account import MOST_WITHOUT_PRO
from flickr_sandbox.answers.photos import tags
from flickr_sandbox.call import Failure
from flickr_sandbox.store import Row, Store
from flickr_sandbox.upload import incoming
from flickr_sandbox.upload.incoming import OVER_LIMIT, IncomingFile
from flickr_sandbox.upload.media import FileKind, Media

SERVER, FARM, STEP = "65535", 66, 97


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that can become a photo."""

    file: IncomingFile
    kind: FileKind
    media: Media

    def columns(self, name: str) -> dict[str, Any]:
        """Return the columns of `photos` about the file with this name."""
        return {
            "file": name,
            "media": self.kind.media,
            "originalformat": self.kind.extension,
            "width": self.media.width,
            "height": self.media.height,
            "duration": self.media.duration,
        }


def check_limit(store: Store, person: Row) -> None:
    """Raise `Failure` 6 if a person has reached the maximum number of photos."""
    count = store.value("SELECT count(*) FROM photos WHERE owner = :owner", owner=person["nsid"])
    if not person["ispro"] and count >= MOST_WITHOUT_PRO:
        raise Failure(*OVER_LIMIT)


def add_photo(store: Store, person: Row, fields: Mapping[str, str], picture: Picture) -> int:
    """Add a photo and return its id. Raises `Failure` if it has too many tags."""
    secret, original = _secret(), _secret()
    now = store.current_time()
    with store.transaction():
        number = _next_id(store)
        name = f"{number}_{original}.{picture.kind.extension}"
        store.insert(
            "photos",
            id=number,
            owner=person["nsid"],
            secret=secret,
            originalsecret=original,
            server=SERVER,
            farm=FARM,
            title=incoming.title(fields, picture.file.name),
            posted=now,
            lastupdate=now,
            taken=picture.media.taken or time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now)),
            takenunknown=int(picture.media.taken is None),
            **incoming.columns(fields, person),
            **picture.columns(name),
        )
        if not tags.insert_tags(store, number, None, tags.split_tags(fields.get("tags", ""))):
            raise Failure(3, f"A photo has at most {tags.MOST_TAGS} tags")
        store.run(
            "UPDATE photos SET tags = :tags WHERE id = :id",
            tags=tags.join_tags(store, number),
            id=number,
        )
        picture.file.draft.keep(name)
    return number


def replace_photo(store: Store, photo: Row, picture: Picture) -> Row:
    """Replace a photo's file; return the changed row."""
    secret, original = _secret(), _secret()
    name = f"{photo['id']}_{original}.{picture.kind.extension}"
    values = picture.columns(name) | {
        "secret": secret,
        "originalsecret": original,
        "rotation": 0,
        "lastupdate": store.current_time(),
    }
    settings = ", ".join(f"{column} = :{column}" for column in values)
    with store.transaction():
        store.run(f"UPDATE photos SET {settings} WHERE id = :id", id=photo["id"], **values)
        picture.file.draft.keep(name)
    row = store.one("SELECT * FROM photos WHERE id = :id", id=photo["id"])
    assert row is not None
    return row


def _secret() -> str:
    return secrets.token_hex(5)


def _next_id(store: Store) -> int:
    # Ids are never reused, not even those of deleted photos.
    last = max(
        int(store.meta("last_photo") or 0),
        store.value("SELECT coalesce(max(id), 53000000000) FROM photos"),
    )
    store.set_meta("last_photo", str(last + STEP))
    return int(last + STEP)
