"""`flickr.activity.*`: photos and photosets with recent comments and favorites."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.answers.listing import page
from flickr_sandbox.answers.photosets import sets
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

MOST_EVENTS = 10
_EVENTS = """
SELECT 'comment' AS type, 'photo' AS kind, c.photo AS item, o.owner, c.author AS person,
  c.created AS at, c.text FROM comments c JOIN photos o ON o.id = c.photo
UNION ALL
SELECT 'comment', 'photoset', c.photoset, o.owner, c.author, c.created, c.text
  FROM comments c JOIN photosets o ON o.id = c.photoset
UNION ALL
SELECT 'fave', 'photo', f.photo, o.owner, f.person, f.faved, ''
  FROM favorites f JOIN photos o ON o.id = f.photo
"""
_TIMEFRAME = re.compile(r"(\d{1,5})([dh])")
_SECONDS = {"d": 86400, "h": 3600}
DEFAULT_TIMEFRAME = 86400
PER_PAGE, MAX_PER_PAGE = 10, 50


@dataclass(frozen=True, slots=True)
class Item:
    """A photo or photoset with events; `kind` is `photo` or `photoset`."""

    kind: str
    id: int


def events_since(call: Call, condition: str, moment: int) -> list[Row]:
    """Return the events since a time whose items match a condition, newest first.

    The condition may use `e.person`, the person who acted, and `e.owner`, the owner of the item.
    """
    return call.store.all(
        f"SELECT e.*, p.username FROM ({_EVENTS}) e JOIN people p ON p.nsid = e.person"
        f" WHERE e.at >= :since AND {condition} ORDER BY e.at DESC, e.item, e.person",
        since=moment,
        me=call.me,
    )


def event_answers(events: list[Row]) -> Answer:
    """Return the newest events of an item, oldest first."""
    return {
        "event": [
            {
                "type": event["type"],
                "user": event["person"],
                "username": event["username"],
                "dateadded": str(event["at"]),
                "_content": event["text"],
            }
            for event in reversed(events[:MOST_EVENTS])
        ]
    }


Count = Callable[[Call, Item, int], Answer]


@answers("activity.userComments")
def user_comments(call: Call) -> Answer:
    """Return the photos and sets that the caller has commented on, with all comments."""
    mine = (
        "e.type = 'comment' AND EXISTS (SELECT 1 FROM comments m WHERE m.author = :me"
        " AND (e.kind = 'photo' AND m.photo = e.item OR e.kind = 'photoset' AND m.photoset = e.item))"
    )
    return _items(call, events_since(call, mine, 0), _count_all)


@answers("activity.userPhotos")
def user_photos(call: Call) -> Answer:
    """Return the caller's photos and sets with other people's activity in a timeframe, default a day."""
    given = _TIMEFRAME.fullmatch(call.text("timeframe"))
    span = int(given[1]) * _SECONDS[given[2]] if given else DEFAULT_TIMEFRAME
    others = "e.owner = :me AND e.person <> :me"
    found = events_since(call, others, call.store.current_time() - span)
    return _items(call, found, _count_old_and_new)


def _items(call: Call, found: list[Row], count: Count) -> Answer:
    """Return a page of the items of events; `count` counts comments and notes."""
    by_item: dict[Item, list[Row]] = {}
    for event in found:
        by_item.setdefault(Item(event["kind"], event["item"]), []).append(event)
    items = [
        answer
        for item, events in by_item.items()
        if (answer := _item(call, item, events, count)) is not None
    ]
    wanted = page(call, PER_PAGE, MAX_PER_PAGE).clamp(len(items))
    return {
        "items": {
            "page": wanted.number,
            "pages": -(-len(items) // wanted.size),
            "perpage": wanted.size,
            "total": len(items),
            "item": items[wanted.start : wanted.start + wanted.size],
        }
    }


def _item(call: Call, item: Item, events: list[Row], count: Count) -> Answer | None:
    """Return an item, or None if the caller may not see it."""
    about = _photo(call, item.id) if item.kind == "photo" else _photoset(call, item.id)
    if about is None:
        return None
    comments = sum(event["type"] == "comment" for event in events)
    return {
        "type": item.kind,
        "id": str(item.id),
        "owner": events[0]["owner"],
        **about,
        **count(call, item, comments),
        "more": int(len(events) > MOST_EVENTS),
        "activity": event_answers(events),
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
        **sets.head(sets.find_photoset_cover(call, row)),
        "title": {"_content": row["title"]},
        "views": str(row["views"]),
        "photos": str(sets.count_photos(call, row).both),
    }


def _count_all(call: Call, item: Item, comments: int) -> Answer:
    counts = {"comments": str(_count(call, "comments", item))}
    return counts | ({"notes": str(_count(call, "notes", item))} if item.kind == "photo" else {})


def _count_old_and_new(call: Call, item: Item, comments: int) -> Answer:
    """Count comments before the timeframe and in it. Notes have no time, and all count as old."""
    old = _count(call, "comments", item) - comments
    counts = {"commentsold": str(max(0, old)), "commentsnew": str(comments)}
    if item.kind == "photo":
        counts |= {"notesold": str(_count(call, "notes", item)), "notesnew": "0"}
    return counts


def _count(call: Call, table: str, item: Item) -> int:
    sql = f"SELECT count(*) FROM {table} WHERE {item.kind} = :id"
    return int(call.store.value(sql, id=item.id))
