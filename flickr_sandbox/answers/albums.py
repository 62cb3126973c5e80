"""Share between photosets and galleries: extras of the primary photo, and which of them hold a photo."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flickr_sandbox.answers import find
from flickr_sandbox.answers.extras import photo_item
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.store import Row


def primary_photo_extras(call: Call, cover: Row) -> Answer:
    """What `primary_photo_extras` asks for of a photo, a row of `extras.COLUMNS`."""
    with_extras = photo_item(
        replace(call, arguments={"extras": call.text("primary_photo_extras")}), cover
    )
    without = photo_item(replace(call, arguments={}), cover)
    return {name: value for name, value in with_extras.items() if name not in without}


HAS_PHOTO = "has_photo"


@dataclass(frozen=True, slots=True)
class Holders:
    """Sets or galleries of a call: the table that says what is in them, and its column for them."""

    call: Call
    table: str
    column: str

    def find_requested_photos(self, row: Row) -> list[str]:
        """Those of `photo_ids` that one of them holds."""
        sql = f"SELECT 1 FROM {self.table} WHERE {self.column} = :id AND photo = :photo"
        return [
            photo
            for photo in self.call.items("photo_ids")
            if self.call.store.one(sql, id=row["id"], photo=find.parse_id(photo))
        ]

    def group_rows(self, rows: list[Row]) -> list[tuple[Row, str | None]]:
        """All of them, each with its group of `sort_groups`: with `has_photo` those of the caller's
        that hold a photo of `photo_ids` stand in front."""
        if HAS_PHOTO not in self.call.items("sort_groups"):
            return [(row, None) for row in rows]
        first = {
            row["id"]
            for row in rows
            if row["owner"] == self.call.caller.nsid and self.find_requested_photos(row)
        }
        return [
            *((row, HAS_PHOTO) for row in rows if row["id"] in first),
            *((row, None) for row in rows if row["id"] not in first),
        ]
