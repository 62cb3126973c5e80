"""`flickr.photos.getContext` and `getAllContexts`: a photo's neighbors, and its sets and pools."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.addresses import group_page
from flickr_sandbox.answers.extras import TABLES
from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.answers.listing import Position, context
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

_SETS = f"""
SELECT s.*, c.secret, c.server, c.farm,
  (SELECT count(*) FROM comments x WHERE x.photoset = s.id) AS comment_count,
  (SELECT count(*) FROM photoset_photos x JOIN photos p ON p.id = x.photo
    WHERE x.photoset = s.id AND p.media = 'photo' AND {VISIBLE}) AS count_photo,
  (SELECT count(*) FROM photoset_photos x JOIN photos p ON p.id = x.photo
    WHERE x.photoset = s.id AND p.media = 'video' AND {VISIBLE}) AS count_video
FROM photoset_photos h JOIN photosets s ON s.id = h.photoset
JOIN photos c ON c.id = s.primary_photo
WHERE h.photo = :photo ORDER BY s.position, s.id
"""
_POOLS = """
SELECT g.*,
  (SELECT count(*) FROM group_members x WHERE x.group_nsid = g.nsid) AS members,
  (SELECT count(*) FROM pool_photos x WHERE x.group_nsid = g.nsid) AS pool_count
FROM pool_photos h JOIN groups g ON g.nsid = h.group_nsid
WHERE h.photo = :photo AND (g.privacy <> 1 OR EXISTS
  (SELECT 1 FROM group_members x WHERE x.group_nsid = g.nsid AND x.person = :caller))
ORDER BY h.added, g.nsid
"""


@answers("photos.getContext")
def get_context(call: Call) -> Answer:
    """Return the photos that the same person posted before and after a photo."""
    photo = find.photo(call)
    place = Position(
        name="in/photostream",
        tables=TABLES,
        condition="p.owner = :owner",
        values={"owner": photo["owner"]},
        key="p.posted",
        at=photo["posted"],
    )
    return context(call, photo, place)


@answers("photos.getAllContexts")
def get_all_contexts(call: Call) -> Answer:
    """Return the photosets and pools of a photo; without any, the answer has no such key."""
    photo = find.photo(call)
    values = {"photo": photo["id"], "caller": call.caller.nsid}
    answer: Answer = {}
    if sets := call.store.all(_SETS, **values):
        answer["set"] = [_set(row) for row in sets]
    if pools := call.store.all(_POOLS, **values):
        answer["pool"] = [_pool(row) for row in pools]
    return answer


def _set(row: Row) -> Answer:
    return {
        "title": row["title"],
        "id": str(row["id"]),
        "primary": str(row["primary_photo"]),
        "secret": row["secret"],
        "server": row["server"],
        "farm": row["farm"],
        "view_count": str(row["views"]),
        "comment_count": str(row["comment_count"]),
        "count_photo": row["count_photo"],
        "count_video": row["count_video"],
    }


def _pool(row: Row) -> Answer:
    return {
        "title": row["name"],
        "url": f"{group_page('', row)}pool/",
        "id": row["nsid"],
        "iconserver": row["iconserver"],
        "iconfarm": row["iconfarm"],
        "members": str(row["members"]),
        "pool_count": str(row["pool_count"]),
    }
