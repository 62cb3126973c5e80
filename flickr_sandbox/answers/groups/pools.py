"""`flickr.groups.pools.*`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.extras import COLUMNS, OWNER, photo_item
from flickr_sandbox.answers.groups import group as groups
from flickr_sandbox.answers.groups.group import content_objection
from flickr_sandbox.answers.listing import Position, Query, context, page, page_answer
from flickr_sandbox.call import Answer, Call, CommittedFailure
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row
from flickr_sandbox.store.library.photos import normalise

# SQLite starts with the left side of a cross join: a pool has fewer photos than a person may have.
IN_POOL = f"pool_photos m CROSS JOIN photos p ON p.id = m.photo {OWNER}"
MOST_POOLS = 60
PENDING, ALREADY_PENDING = 6, 7


@answers("groups.pools.add")
def add(call: Call) -> Answer:
    """Add one of the caller's photos to the pool of a group, as a member.

    In a moderated pool the photo is pending, and the call fails, unless the caller is a moderator.
    """
    photo, group = find.own_photo(call), groups.find_group(call)
    rank = groups.rank(call, group["nsid"])
    if not rank:
        raise call.unknown("group_id")
    values = {"group": group["nsid"], "photo": photo["id"]}
    if _is_in(call, "pool_photos", values):
        raise call.fail(3)
    if _is_in(call, "pending_photos", values):
        raise call.fail(ALREADY_PENDING)
    if error := _limit_objection(call, group, photo) or content_objection(group, photo):
        raise call.fail(error)
    if group["ispoolmoderated"] and rank < groups.MODERATOR:
        call.store.run("INSERT INTO pending_photos VALUES (:group, :photo)", **values)
        raise CommittedFailure(PENDING, call.method.message(PENDING))
    call.store.run(
        "INSERT INTO pool_photos VALUES (:group, :photo, :now)",
        **values,
        now=call.store.current_time(),
    )
    return {}


@answers("groups.pools.remove")
def remove(call: Call) -> Answer:
    """Remove a photo from a pool, as its owner or as an admin or moderator of the group."""
    group, photo = groups.find_group(call), find.photo(call)
    values = {"group": group["nsid"], "photo": photo["id"]}
    if not _is_in(call, "pool_photos", values):
        raise call.fail(2)
    if photo["owner"] != call.me and groups.rank(call, group["nsid"]) < groups.MODERATOR:
        raise call.fail(3)
    call.store.run("DELETE FROM pool_photos WHERE group_nsid = :group AND photo = :photo", **values)
    return {}


@answers("groups.pools.getContext")
def get_context(call: Call) -> Answer:
    """Return the photos that were added to a pool before and after a photo."""
    photo, group = find.photo(call), groups.find_group(call)
    if not groups.may_look(call, group):
        raise call.unknown("group_id")
    added = call.store.value(
        "SELECT added FROM pool_photos WHERE group_nsid = :group AND photo = :photo",
        group=group["nsid"],
        photo=photo["id"],
    )
    if added is None:
        raise call.fail(2)
    name = f"in/pool-{group['path_alias'] or group['nsid']}"
    values = {"group": group["nsid"]}
    place = Position(name, IN_POOL, "m.group_nsid = :group", values, "m.added", added)
    return context(call, photo, place)


@answers("groups.pools.getGroups")
def get_groups(call: Call) -> Answer:
    """Return the groups to whose pools the caller may add photos."""
    rows = call.store.all(
        "SELECT g.*, m.membertype FROM groups g JOIN group_members m ON m.group_nsid = g.nsid"
        " WHERE m.person = :me ORDER BY g.name, g.nsid",
        me=call.me,
    )
    wanted = page(call, 400, 400).clamp(len(rows))
    return {
        "groups": {
            "page": wanted.number,
            "pages": -(-len(rows) // wanted.size),
            "per_page": wanted.size,
            "total": len(rows),
            "group": [_pool(call, row) for row in rows[wanted.start : wanted.start + wanted.size]],
        }
    }


@answers("groups.pools.getPhotos")
def get_photos(call: Call) -> Answer:
    """Return the photos of a pool, last added first; optionally with a tag, or by one person."""
    group = groups.find_group(call)
    if not groups.may_look(call, group):
        raise call.fail(2)
    query = Query(
        call, tables=IN_POOL, columns=f"{COLUMNS}, m.added", order="m.added DESC, p.id DESC"
    )
    query.where("m.group_nsid = :group", group=group["nsid"])
    if call.text("user_id"):
        query.where("p.owner = :owner", owner=find.person(call)["nsid"])
    if call.items("tags"):
        query.where(
            "EXISTS (SELECT 1 FROM photo_tags t WHERE t.photo = p.id AND t.tag = :tag)",
            tag=normalise(call.items("tags")[0]),
        )
    total = query.count()
    wanted = page(call).clamp(total)
    return page_answer(wanted, total, [_item(call, row) for row in query.rows(wanted)], int)


def _is_in(call: Call, table: str, values: Answer) -> bool:
    sql = f"SELECT 1 FROM {table} WHERE group_nsid = :group AND photo = :photo"
    return call.store.one(sql, **values) is not None


def _limit_objection(call: Call, group: Row, photo: Row) -> int | None:
    pools = call.store.value(
        "SELECT count(*) FROM pool_photos WHERE photo = :photo", photo=photo["id"]
    )
    if pools >= MOST_POOLS:
        return 4
    has_limit = group["throttle_count"] is not None
    return 5 if has_limit and not groups.remaining(call, group) else None


def _pool(call: Call, row: Row) -> Answer:
    counts = groups.group_counts(call, row)
    return {
        "nsid": row["nsid"],
        "id": row["nsid"],
        "name": groups.name_in_lists(row),
        "member": 1,
        "moderator": int(row["membertype"] == groups.MODERATOR),
        "admin": int(row["membertype"] == groups.ADMIN),
        "privacy": str(row["privacy"]),
        "photos": counts["pool_count"],
        "iconserver": row["iconserver"],
        "iconfarm": row["iconfarm"],
        "member_count": counts["members"],
        "topic_count": counts["topic_count"],
        "pool_count": counts["pool_count"],
    }


def _item(call: Call, row: Row) -> Answer:
    return {**photo_item(call, row), "ownername": row["username"], "dateadded": str(row["added"])}
