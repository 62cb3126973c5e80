"""Find photosets, count their photos, and make parts of their answers."""

from __future__ import annotations

from dataclasses import dataclass

from flickr_sandbox.answers import find
from flickr_sandbox.answers.extras import COLUMNS, OWNER
from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.answers.listing import Page, Query
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.store import Row

LARGEST = 5000
# SQLite starts with the left side of a cross join: a set has fewer photos than its owner.
IN_SET = f"photoset_photos s CROSS JOIN photos p ON p.id = s.photo {OWNER}"
_FIRST = Page(1, 1)


@dataclass(frozen=True, slots=True)
class PhotoCounts:
    """The numbers of photos and videos of a set that the caller may see."""

    photos: int
    videos: int

    @property
    def both(self) -> int:
        return self.photos + self.videos


def find_photoset(call: Call, argument: str = "photoset_id") -> Row:
    """Return the set of an argument, if the caller may see any of its photos."""
    row = _row(call, call.text(argument))
    if row is None or not may_see(call, row):
        raise call.unknown(argument)
    return row


def may_see(call: Call, photoset: Row) -> bool:
    """Return True if a set is the caller's own, or has any photo that they may see."""
    return photoset["owner"] == call.caller.nsid or bool(count_photos(call, photoset).both)


def find_own_photoset(call: Call, argument: str = "photoset_id") -> Row:
    """Return the set of an argument, if it is the caller's own."""
    row = _row(call, call.text(argument))
    if row is None or row["owner"] != call.me:
        raise call.unknown(argument)
    return row


def count_photos(call: Call, photoset: Row) -> PhotoCounts:
    """Count the photos and videos of a set that the caller may see."""
    row = call.store.one(
        "SELECT count(*) AS of_all, coalesce(sum(p.media = 'video'), 0) AS videos"
        " FROM photoset_photos s CROSS JOIN photos p ON p.id = s.photo"
        f" WHERE s.photoset = :id AND {VISIBLE}",
        id=photoset["id"],
        caller=call.caller.nsid,
    )
    assert row is not None
    return PhotoCounts(row["of_all"] - row["videos"], row["videos"])


def find_photoset_cover(call: Call, photoset: Row) -> Row | None:
    """Return the primary photo, or the first one that the caller may see."""
    query = Query(call, tables=IN_SET, columns=COLUMNS)
    query.where("s.photoset = :id", id=photoset["id"], primary=photoset["primary_photo"])
    query.order = "(p.id = :primary) DESC, s.position"
    return next(iter(query.rows(_FIRST)), None)


def head(cover: Row | None) -> Answer:
    """Return the fields of a set about its primary photo."""
    if cover is None:
        return {"primary": "0", "secret": "", "server": "0", "farm": 0}
    return {
        "primary": str(cover["id"]),
        "secret": cover["secret"],
        "server": cover["server"],
        "farm": cover["farm"],
    }


def tail(call: Call, photoset: Row) -> Answer:
    """Return the fields of a set about the permission to comment and its dates."""
    return {
        "can_comment": int(call.caller.nsid is not None),
        "date_create": str(photoset["created"]),
        "date_update": str(photoset["updated"]),
    }


def comment_count(call: Call, photoset: Row) -> str:
    """Return the number of comments on a set."""
    return str(
        call.store.value("SELECT count(*) FROM comments WHERE photoset = :id", id=photoset["id"])
    )


def touch_photoset(call: Call, photoset: Row) -> None:
    """Update a set's time of change."""
    call.store.run(
        "UPDATE photosets SET updated = :now WHERE id = :id",
        now=call.store.current_time(),
        id=photoset["id"],
    )


def _row(call: Call, text: str) -> Row | None:
    return call.store.one("SELECT * FROM photosets WHERE id = :id", id=find.parse_id(text))
