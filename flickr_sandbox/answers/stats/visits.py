"""Of which things, and of which day, statistics are asked for, and how many visits there were."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from flickr_sandbox.answers import find
from flickr_sandbox.answers.dates import DAY, start_of_day
from flickr_sandbox.call import Call

KEPT_DAYS = 28
# Views of a row `p` of photos or `s` of photosets on the day with number :day: no more than it has
# in all, and none on days before it was there.
PHOTO_VIEWS = "iif(p.posted >= (:day + 1) * 86400, 0, min(p.views, (p.id * 37 + :day * 11) % 23))"
SET_VIEWS = "iif(s.created >= (:day + 1) * 86400, 0, min(s.views, (s.id * 37 + :day * 11) % 13))"


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of thing that has statistics: what names one, and how its views of a day are found."""

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
    """The number of the day since 1970 that an argument names; None without it.

    Raises `Failure` 1 for a caller who has no statistics, 3 for a date that is none and 2 for one
    whose statistics are not kept.
    """
    if not find.caller(call)["ispro"]:
        raise call.fail(1)
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
    """The same for methods that cannot do without a date."""
    number = day(call, argument)
    if number is None:
        raise call.missing(argument)
    return number


def subject(call: Call, kind: SubjectKind) -> str:
    """The id of the caller's own thing that the call names; empty where it names none.

    Raises `Failure` 4 for one that there is not, or that is somebody else's.
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
    """How often one of the caller's things, or all of a kind, was looked at on a day."""
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
    """A number below another that a text is always given."""
    return zlib.crc32(text.encode()) % below
