"""What happened to photos and sets: comments, and favourites."""

from __future__ import annotations

from dataclasses import dataclass

from flickr_sandbox.call import Answer, Call
from flickr_sandbox.store import Row

MOST = 10


@dataclass(frozen=True, slots=True)
class Item:
    """A photo or a set that something happened to; `kind` is `photo` or `photoset`."""

    kind: str
    id: int


def since(call: Call, condition: str, moment: int) -> list[Row]:
    """The events from a moment on at items that fit a condition, the newest first.

    The condition may speak of `e.person`, who did it, and of `e.owner`, whose item it is.
    """
    return call.store.all(
        f"SELECT e.*, p.username FROM ({_EVENTS}) e JOIN people p ON p.nsid = e.person"
        f" WHERE e.at >= :since AND {condition} ORDER BY e.at DESC, e.item, e.person",
        since=moment,
        me=call.me,
    )


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


def told(events: list[Row]) -> Answer:
    """The newest events of an item, the oldest of them first."""
    return {
        "event": [
            {
                "type": event["type"],
                "user": event["person"],
                "username": event["username"],
                "dateadded": str(event["at"]),
                "_content": event["text"],
            }
            for event in reversed(events[:MOST])
        ]
    }
