"""What stands before and after a photo in a set, in a pool, among favourites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flickr_sandbox.answers.addresses import of_person
from flickr_sandbox.answers.extras import COLUMNS
from flickr_sandbox.answers.listing import Page, Query
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.sizes import KINDS, path
from flickr_sandbox.store import Row

NOBODY = {"id": 0, "is_faved": 0}
ONE = Page(1, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """A sequence of photos, and where a photo stands in it.

    `tables` and `condition` (with its `values`) select the sequence, `key` is the column that it is
    in the order of, unique with the photo's id; `at` is the key of the photo. `name` ends the
    addresses of the neighbours, as `in/set-1`.
    """

    name: str
    tables: str
    condition: str
    values: dict[str, Any]
    key: str
    at: int


def context(call: Call, photo: Row, place: Place) -> Answer:
    """How many photos there are, and the two beside a photo, of those that the caller may see."""
    return {
        "count": {"_content": str(_query(call, place).count())},
        "prevphoto": _neighbour(call, photo, place, "<", "DESC"),
        "nextphoto": _neighbour(call, photo, place, ">", "ASC"),
    }


def _query(call: Call, place: Place) -> Query:
    return Query(call, tables=place.tables).where(place.condition, **place.values)


def _neighbour(call: Call, photo: Row, place: Place, side: str, direction: str) -> Answer:
    query = _query(call, place)
    query.where(f"({place.key}, p.id) {side} (:at, :photo)", at=place.at, photo=photo["id"])
    query.order = f"{place.key} {direction}, p.id {direction}"
    query.columns = f"o.nsid, {COLUMNS}"
    row = next(iter(query.rows(ONE)), None)
    return _told(call, row, place.name) if row else NOBODY


def _told(call: Call, row: Row, name: str) -> Answer:
    faved = call.store.one(
        "SELECT 1 FROM favorites WHERE person = :me AND photo = :id",
        me=call.caller.nsid,
        id=row["id"],
    )
    return {
        "id": str(row["id"]),
        "owner": row["owner"],
        "secret": row["secret"],
        "server": row["server"],
        "farm": row["farm"],
        "title": row["title"],
        "url": f"/photos/{of_person(row)}/{row['id']}/{name}/",
        "thumb": call.base + path(row, KINDS[0]),
        "license": str(row["license"]),
        "media": row["media"],
        "is_faved": int(bool(faved)),
    }
