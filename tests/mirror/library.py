"""The account of a sandbox, for random changes: it picks items, and has a clock of its own."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import Any

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from tests.mirror.pictures import VIDEO, picture

# The time of the first change. The dates of new photos in the library are earlier.
FIRST_CHANGE = 1_750_000_000
PAUSES = (1, 60, 3_000, 4_000, 90_000)
TEXTS = ("Fox", "red fox & <b>zoo</b>", "日本", 'O\'Brien "x"', "A, b", "place:x=1", "0")
# The columns that get the current time.
STAMPS = {
    "photos": ("posted", "lastupdate"),
    "photosets": ("created", "updated"),
    "comments": ("created",),
    "favorites": ("faved",),
}


class Inapplicable(Exception):
    """The account has nothing that a change applies to."""


class Library:
    """The account of a sandbox, with random choices of its items and a clock of its own."""

    def __init__(self, sandbox: Sandbox, flickr: Flickr, chance: Random, folder: Path) -> None:
        self.store = sandbox.store
        self.flickr = flickr
        self.chance = chance
        self.folder = folder
        self.owner = sandbox.account.user_id
        self.now = FIRST_CHANGE
        self._began = int(time.time())

    def pass_time(self) -> None:
        """Move the clock on: a second, or up to a day."""
        self.now += self.chance.choice(PAUSES)

    def stamp(self) -> None:
        """Give what has the time of this machine that of the account."""
        for table, columns in STAMPS.items():
            for column in columns:
                sql = f"UPDATE {table} SET {column} = :now WHERE {column} >= :began"
                self.store.run(sql, now=self.now, began=self._began)

    def call(self, method: str, **values: Any) -> None:
        """Call a method as the owner."""
        self.flickr.call(method, authenticated=True, **values)

    def list_values(self, sql: str, **values: Any) -> list[Any]:
        """Return the first column of a query; `:me` is the owner."""
        values |= {"me": self.owner} if ":me" in sql else {}
        return [row[0] for row in self.store.all(f"{sql} ORDER BY 1", **values)]

    def pick(self, sql: str, **values: Any) -> Any:
        """Return one value of `list_values`. Raises `Inapplicable` without any."""
        found = self.list_values(sql, **values)
        if not found:
            raise Inapplicable
        return self.chance.choice(found)

    def pick_photo(self, condition: str = "1") -> int:
        """Return a photo of the owner."""
        found: int = self.pick(f"SELECT id FROM photos WHERE owner = :me AND {condition}")
        return found

    def pick_album(self) -> int:
        """Return an album of the owner."""
        found: int = self.pick("SELECT id FROM photosets WHERE owner = :me")
        return found

    def list_members(self, album: int) -> list[int]:
        """Return the photos of an album."""
        return self.list_values(
            "SELECT photo FROM photoset_photos WHERE photoset = :album", album=album
        )

    def pick_some(self, items: list[Any]) -> list[Any]:
        """Return at least one of some items, in any order."""
        return self.chance.sample(items, self.chance.randint(1, len(items)))

    def flag(self) -> int:
        return self.chance.randrange(2)

    def text(self) -> str:
        return f"{self.chance.choice(TEXTS)} {self.chance.choice(TEXTS)}"

    def touch(self, photo: int) -> None:
        """Give a photo the time of a change."""
        self.store.run("UPDATE photos SET lastupdate = :now WHERE id = :id", now=self.now, id=photo)

    def write_picture(self, extension: str) -> Path:
        """Write a file to upload."""
        file = self.folder / f"upload.{extension}"
        side = self.chance.choice((24, 120, 300))
        is_video = extension == "mp4"
        color = self.chance.randrange(255)
        file.write_bytes(VIDEO if is_video else picture(extension, color, side))
        return file
