"""Parse the item and the day of statistics, and count views."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from flickr_sandbox.answers import find
from flickr_sandbox.answers.dates import DAY, start_of_day
from flickr_sandbox.call import Call

KEPT_DAYS = 28
# The views of a row `p` of photos or `s` of photosets on day :day: at most its total number, and
# zero before it was created.
PHOTO_VIEWS = "iif(p.posted >= (:day + 1) * 86400, 0, min(p.views, (p.id * 37 + :day * 11) % 23))"
SET_VIEWS = "iif(s.created >= (:day + 1) * 86400, 0, min(s.views, (s.id * 37 + :day * 11) % 13))"


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of item with statistics: the argument of its id, its table, and SQL of a day's views."""

    argument: str
    table: str
    views: str


KINDS = {
    "Photo": SubjectKind("photo_id", "photos p", PHOTO_VIEWS),
    "Photoset": SubjectKind("photoset_id", "photosets s", SET_VIEWS),
    "Collection": SubjectKind("collection_id", "collections k", ""),
    "Photostream": SubjectKind("", "", ""),
}


def day(call: Call, argument: str = "date") -> int | None:
    """Return the day of an argument as days since 1970, or None without it.

    Raises `Failure` 1 for a caller without statistics, 2 for a day without statistics, 3 for an
    invalid date.
    """
    if not find.caller(call)["ispro"]:
        # getCSVFiles declares no errors.
        raise call.fail(1, "User does not have stats")
    if not call.text(argument):
        return None
    start = start_of_day(call.text(argument))
    if start is None:
        raise call.fail(3)
    number = start // DAY
    if not 0 <= call.store.current_time() // DAY - number <= KEPT_DAYS:
        raise call.fail(2)
    return number


def required_day(call: Call, argument: str = "date") -> int:
    """Return the day of a required argument, as `day` does."""
    number = day(call, argument)
    if number is None:
        raise call.missing(argument)
    return number


def subject(call: Call, kind: SubjectKind) -> str:
    """Return the id of the call's item, or an empty text without one.

    Raises `Failure` 4 if it is unknown, or not the caller's own.
    """
    given = call.text(kind.argument) if kind.argument else ""
    if not given:
        return ""
    if kind.argument != "collection_id" and not given.isdecimal():
        raise call.fail(4)
    if len(given) >= find.LONGEST_ID and given.isdecimal():
        raise call.fail(4)
    sql = f"SELECT 1 FROM {kind.table} WHERE id = :id AND owner = :me"
    if not call.store.one(sql, id=given, me=call.me):
        raise call.fail(4)
    return given


def views(call: Call, kind: SubjectKind, id_: str, number: int) -> int:
    """Count the views of one of the caller's items, or of all items of a kind, on a day."""
    if kind.views:
        found = call.store.value(
            f"SELECT coalesce(sum({kind.views}), 0) FROM {kind.table} "
            "WHERE owner = :me AND (:id = '' OR id = CAST(:id AS INTEGER))",
            me=call.me,
            id=id_,
            day=number,
        )
        return int(found)
    if kind is KINDS["Photostream"]:
        return hash_below(f"{call.me} {number}", 60)
    rows = call.store.all(
        "SELECT id FROM collections WHERE owner = :me AND :id IN ('', id)", me=call.me, id=id_
    )
    return sum(hash_below(f"{row['id']} {number}", 9) for row in rows)


def hash_below(text: str, below: int) -> int:
    """Hash a text to a number below `below`."""
    return zlib.crc32(text.encode()) % below
