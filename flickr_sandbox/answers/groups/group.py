"""Groups: how one is found, who is in it and as what, how much is in it."""

from __future__ import annotations

from flickr_sandbox.call import Answer, Call
from flickr_sandbox.store import Row

PRIVATE, BY_INVITATION, OPEN = 1, 2, 3
MEMBER, MODERATOR, ADMIN = 2, 3, 4
ROLES = {MEMBER: "member", MODERATOR: "moderator", ADMIN: "admin"}
LANGUAGE = "en-us"
_DAY = 86400
PERIODS = {"day": _DAY, "week": 7 * _DAY, "month": 30 * _DAY}
RESTRICTIONS = (
    "photos_ok", "videos_ok", "images_ok", "screens_ok", "art_ok", "safe_ok", "moderate_ok",
    "restricted_ok", "has_geo",
)  # fmt: skip


def named(call: Call, argument: str = "group_id") -> Row | None:
    """The group whose NSID or alias an argument holds, None where there is none."""
    return by_name(call, call.text(argument))


def by_name(call: Call, name: str) -> Row | None:
    """The group with an NSID or an alias, None where there is none."""
    return call.store.one(
        "SELECT * FROM groups WHERE nsid = :name OR path_alias = :name COLLATE NOCASE", name=name
    )


def found(call: Call, argument: str = "group_id") -> Row:
    """The group that an argument names; it may be one that the caller cannot look into."""
    row = named(call, argument)
    if row is None:
        raise call.unknown(argument)
    return row


def rank(call: Call, group: str, person: str | None = None) -> int:
    """As what a person, the caller without one, is in a group; 0 for who is not in it."""
    row = call.store.one(
        "SELECT membertype FROM group_members WHERE group_nsid = :group AND person = :person",
        group=group,
        person=person or call.caller.nsid,
    )
    return int(row["membertype"]) if row else 0


def may_look(call: Call, group: Row) -> bool:
    """Whether the caller may look into a group: a private one shows to its members alone."""
    return bool(group["privacy"] != PRIVATE or rank(call, group["nsid"]))


def counts(call: Call, group: Row) -> Answer:
    """How many members, photos and topics a group has, as texts."""
    row = call.store.one(
        "SELECT (SELECT count(*) FROM group_members WHERE group_nsid = :id) AS members,"
        " (SELECT count(*) FROM pool_photos WHERE group_nsid = :id) AS pool_count,"
        " (SELECT count(*) FROM topics WHERE group_nsid = :id) AS topic_count",
        id=group["nsid"],
    )
    assert row is not None
    return {name: str(row[name]) for name in ("members", "pool_count", "topic_count")}


def throttle(call: Call, group: Row) -> Answer:
    """How many photos a person may add in a time, and how many more the caller may."""
    if group["throttle_count"] is None:
        return {"mode": group["throttle_mode"]}
    return {
        "count": str(group["throttle_count"]),
        "mode": group["throttle_mode"],
        "remaining": str(remaining(call, group)),
    }


def remaining(call: Call, group: Row) -> int:
    """How many more photos the caller may add to the pool of a group that has a limit."""
    period = PERIODS.get(group["throttle_mode"])
    added = call.store.value(
        "SELECT count(*) FROM pool_photos m JOIN photos p ON p.id = m.photo"
        " WHERE m.group_nsid = :group AND p.owner = :me AND m.added > :since",
        group=group["nsid"],
        me=call.caller.nsid,
        since=call.store.now() - period if period else 0,
    )
    return max(0, int(group["throttle_count"]) - int(added))


def restrictions(group: Row) -> Answer:
    """What a group's pool takes."""
    return {name: group[name] for name in RESTRICTIONS}
