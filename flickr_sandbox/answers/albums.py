"""Common to photosets and galleries: extras of the primary photo, and the search for photos in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flickr_sandbox.answers import find
from flickr_sandbox.answers.extras import photo_item
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.store import Row

HAS_PHOTO = "has_photo"


def primary_photo_extras(call: Call, cover: Row) -> Answer:
    """Return the fields of `primary_photo_extras` for a photo, a row of `extras.COLUMNS`."""
    with_extras = photo_item(
        replace(call, arguments={"extras": call.text("primary_photo_extras")}), cover
    )
    without = photo_item(replace(call, arguments={}), cover)
    return {name: value for name, value in with_extras.items() if name not in without}


@dataclass(frozen=True, slots=True)
class Holders:
    """The photosets or galleries of a call: the table of their photos, and its column of their ids."""

    call: Call
    table: str
    column: str

    def find_requested_photos(self, row: Row) -> list[str]:
        """Return those of `photo_ids` that are in a set or gallery."""
        sql = f"SELECT 1 FROM {self.table} WHERE {self.column} = :id AND photo = :photo"
        return [
            photo
            for photo in self.call.items("photo_ids")
            if self.call.store.one(sql, id=row["id"], photo=find.parse_id(photo))
        ]

    def group_rows(self, rows: list[Row]) -> list[tuple[Row, str | None]]:
        """Return rows with their group of `sort_groups`.

        With `has_photo`, the caller's own that contain a photo of `photo_ids` come first.
        """
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
