"""`photo_ids` and `sort_groups`: which sets or galleries hold the photos that a call asks about."""

from __future__ import annotations

from dataclasses import dataclass

from flickr_sandbox.answers import ids
from flickr_sandbox.call import Call
from flickr_sandbox.store import Row

HAS_PHOTO = "has_photo"


@dataclass(frozen=True, slots=True)
class Holders:
    """Sets or galleries of a call: the table that says what is in them, and its column for them."""

    call: Call
    table: str
    column: str

    def requested(self, row: Row) -> list[str]:
        """Those of `photo_ids` that one of them holds."""
        sql = f"SELECT 1 FROM {self.table} WHERE {self.column} = :id AND photo = :photo"
        return [
            photo
            for photo in self.call.items("photo_ids")
            if self.call.store.one(sql, id=row["id"], photo=ids.number(photo))
        ]

    def grouped(self, rows: list[Row]) -> list[tuple[Row, str | None]]:
        """All of them, each with its group of `sort_groups`: with `has_photo` those of the caller's
        that hold a photo of `photo_ids` stand in front."""
        if HAS_PHOTO not in self.call.items("sort_groups"):
            return [(row, None) for row in rows]
        first = {
            row["id"]
            for row in rows
            if row["owner"] == self.call.caller.nsid and self.requested(row)
        }
        return [
            *((row, HAS_PHOTO) for row in rows if row["id"] in first),
            *((row, None) for row in rows if row["id"] not in first),
        ]
