"""`flickr.activity.*`: photos and photosets with recent comments and favorites."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.answers.listing import page
from flickr_sandbox.answers.person_fields import real_name
from flickr_sandbox.answers.photosets import sets
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

MOST_EVENTS = 10
_EVENTS = """
SELECT 'comment' AS type, 'photo' AS kind, c.photo AS item, o.owner, c.author AS person,
  c.created AS at, c.text, c.id AS comment FROM comments c JOIN photos o ON o.id = c.photo
UNION ALL
SELECT 'comment', 'photoset', c.photoset, o.owner, c.author, c.created, c.text, c.id
  FROM comments c JOIN photosets o ON o.id = c.photoset
UNION ALL
SELECT 'fave', 'photo', f.photo, o.owner, f.person, f.faved, '', NULL
  FROM favorites f JOIN photos o ON o.id = f.photo
"""
_AUTHOR = "p.nsid, p.username, p.realname, p.hides_name, p.iconserver, p.iconfarm"
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
        f"SELECT e.*, {_AUTHOR} FROM ({_EVENTS}) e JOIN people p ON p.nsid = e.person"
        f" WHERE e.at >= :since AND {condition} ORDER BY e.at DESC, e.item, e.person",
        since=moment,
        me=call.me,
    )


def event_answers(call: Call, events: list[Row]) -> Answer:
    """Return the newest events of an item, oldest first."""
    return {"event": [_event(call, event) for event in reversed(events[:MOST_EVENTS])]}


def _event(call: Call, event: Row) -> Answer:
    answer = {
        "type": event["type"],
        "user": event["person"],
        "username": event["username"],
        "iconserver": event["iconserver"],
        "iconfarm": event["iconfarm"],
        "dateadded": str(event["at"]),
        "is_muted": False,
        "realname": real_name(call, event),
    }
    if event["comment"] is not None:
        answer["commentid"] = str(event["comment"])
    return answer | {"_content": event["text"]}


@answers("activity.userComments")
def user_comments(call: Call) -> Answer:
    """Return the photos and sets that the caller has commented on, with all comments."""
    mine = (
        "e.type = 'comment' AND EXISTS (SELECT 1 FROM comments m WHERE m.author = :me"
        " AND (e.kind = 'photo' AND m.photo = e.item OR e.kind = 'photoset' AND m.photoset = e.item))"
    )
    return _items(call, events_since(call, mine, 0))


@answers("activity.userPhotos")
def user_photos(call: Call) -> Answer:
    """Return the caller's photos and sets with other people's activity in a timeframe, default a day."""
    given = _TIMEFRAME.fullmatch(call.text("timeframe"))
    span = int(given[1]) * _SECONDS[given[2]] if given else DEFAULT_TIMEFRAME
    others = "e.owner = :me AND e.person <> :me"
    found = events_since(call, others, call.store.current_time() - span)
    return _items(call, found)


def _items(call: Call, found: list[Row]) -> Answer:
    """Return a page of the items of events."""
    by_item: dict[Item, list[Row]] = {}
    for event in found:
        by_item.setdefault(Item(event["kind"], event["item"]), []).append(event)
    items = [
        answer
        for item, events in by_item.items()
        if (answer := _item(call, item, events)) is not None
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


def _item(call: Call, item: Item, events: list[Row]) -> Answer | None:
    """Return an item, or None if the caller may not see it."""
    about = _photo(call, item.id) if item.kind == "photo" else _photoset(call, item.id)
    if about is None:
        return None
    return {
        "type": item.kind,
        "id": str(item.id),
        **_owner(call, events[0]["owner"]),
        **about,
        "activity": event_answers(call, events),
    }


def _owner(call: Call, nsid: str) -> Answer:
    row = call.store.one(f"SELECT {_AUTHOR} FROM people p WHERE nsid = :nsid", nsid=nsid)
    assert row is not None
    return {
        "owner": nsid,
        "ownername": row["username"],
        "realname": real_name(call, row),
        "iconserver": row["iconserver"],
        "iconfarm": row["iconfarm"],
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
        "media": row["media"],
        "comments": _count(call, "comments", "photo", number),
        "notes": _count(call, "notes", "photo", number),
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
        "comments": _count(call, "comments", "photoset", number),
        "title": {"_content": row["title"]},
        "views": str(row["views"]),
        "photos": str(sets.count_photos(call, row).both),
    }


def _count(call: Call, table: str, column: str, number: int) -> str:
    return str(call.store.value(f"SELECT count(*) FROM {table} WHERE {column} = :id", id=number))
