"""`userComments` and `userPhotos`: items with what happened to them, the latest first."""

from __future__ import annotations

import re
from collections.abc import Callable

from flickr_sandbox.answers.activity import events
from flickr_sandbox.answers.activity.events import Item
from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.answers.listing import page
from flickr_sandbox.answers.photosets import sets
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

_TIMEFRAME = re.compile(r"(\d{1,5})([dh])")
_SECONDS = {"d": 86400, "h": 3600}
DEFAULT = 86400
COUNT, MOST = 10, 50
Count = Callable[[Call, Item, int], Answer]


@answers("activity.userComments")
def user_comments(call: Call) -> Answer:
    """The photos and sets that the caller has commented on, with what others said."""
    mine = (
        "e.type = 'comment' AND EXISTS (SELECT 1 FROM comments m WHERE m.author = :me"
        " AND (e.kind = 'photo' AND m.photo = e.item OR e.kind = 'photoset' AND m.photoset = e.item))"
    )
    return _items(call, events.since(call, mine, 0), _counted)


@answers("activity.userPhotos")
def user_photos(call: Call) -> Answer:
    """The caller's photos and sets that others did something to within a time, a day without one."""
    given = _TIMEFRAME.fullmatch(call.text("timeframe"))
    span = int(given[1]) * _SECONDS[given[2]] if given else DEFAULT
    others = "e.owner = :me AND e.person <> :me"
    found = events.since(call, others, call.store.now() - span)
    return _items(call, found, _old_and_new)


def _items(call: Call, found: list[Row], count: Count) -> Answer:
    """A page of what events happened to, with the counts that `count` makes of comments and notes."""
    by_item: dict[Item, list[Row]] = {}
    for event in found:
        by_item.setdefault(Item(event["kind"], event["item"]), []).append(event)
    told = [
        told
        for item, happened in by_item.items()
        if (told := _told(call, item, happened, count)) is not None
    ]
    wanted = page(call, COUNT, MOST).within(len(told))
    return {
        "items": {
            "page": wanted.number,
            "pages": -(-len(told) // wanted.size),
            "perpage": wanted.size,
            "total": len(told),
            "item": told[wanted.start : wanted.start + wanted.size],
        }
    }


def _told(call: Call, item: Item, happened: list[Row], count: Count) -> Answer | None:
    """An item, None where the caller may not see it."""
    about = _photo(call, item.id) if item.kind == "photo" else _photoset(call, item.id)
    if about is None:
        return None
    comments = sum(event["type"] == "comment" for event in happened)
    return {
        "type": item.kind,
        "id": str(item.id),
        "owner": happened[0]["owner"],
        **about,
        **count(call, item, comments),
        "more": int(len(happened) > events.MOST),
        "activity": events.told(happened),
    }


def _photo(call: Call, number: int) -> Answer | None:
    row = call.store.one(
        f"SELECT p.*, (SELECT count(*) FROM favorites WHERE photo = p.id) AS faves"
        f" FROM photos p WHERE p.id = :id AND {VISIBLE}",
        id=number,
        caller=call.me,
    )
    if row is None:
        return None
    return {
        "secret": row["secret"],
        "server": row["server"],
        "farm": row["farm"],
        "title": {"_content": row["title"]},
        "views": str(row["views"]),
        "faves": str(row["faves"]),
    }


def _photoset(call: Call, number: int) -> Answer | None:
    row = call.store.one("SELECT * FROM photosets WHERE id = :id", id=number)
    if row is None or not sets.may_see(call, row):
        return None
    return {
        **sets.head(sets.cover(call, row)),
        "title": {"_content": row["title"]},
        "views": str(row["views"]),
        "photos": str(sets.counts(call, row).both),
    }


def _counted(call: Call, item: Item, comments: int) -> Answer:
    counts = {"comments": str(_count(call, "comments", item))}
    return counts | ({"notes": str(_count(call, "notes", item))} if item.kind == "photo" else {})


def _old_and_new(call: Call, item: Item, comments: int) -> Answer:
    """Comments before the time and within it. The library does not tell when a note was made."""
    old = _count(call, "comments", item) - comments
    counts = {"commentsold": str(max(0, old)), "commentsnew": str(comments)}
    if item.kind == "photo":
        counts |= {"notesold": str(_count(call, "notes", item)), "notesnew": "0"}
    return counts


def _count(call: Call, table: str, item: Item) -> int:
    sql = f"SELECT count(*) FROM {table} WHERE {item.kind} = :id"
    return int(call.store.value(sql, id=item.id))
