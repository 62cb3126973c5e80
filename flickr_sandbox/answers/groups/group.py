"""Find groups, with their counts and limits; `flickr.groups.getInfo` and `search`."""

from __future__ import annotations

from flickr_sandbox.answers.dates import DAY
from flickr_sandbox.answers.listing import page
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

PRIVATE, BY_INVITATION, OPEN = 1, 2, 3
MEMBER, MODERATOR, ADMIN = 2, 3, 4
ROLES = {MEMBER: "member", MODERATOR: "moderator", ADMIN: "admin"}
LANGUAGE = "en-us"
PERIODS = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}
RESTRICTIONS = (
    "photos_ok", "videos_ok", "images_ok", "screens_ok", "art_ok", "safe_ok", "moderate_ok",
    "restricted_ok", "has_geo",
)  # fmt: skip
NO_VIDEOS, NO_PHOTOS, NO_PICTURES, NO_SCREENSHOTS, NO_ART = 21, 22, 24, 25, 26
NO_RESTRICTED, NO_MODERATE, NEEDS_LOCATION = 27, 28, 29
# Restriction and error code by content type: 0 photo, 1 screenshot, 2 other and 3 virtual.
_CONTENT = {
    0: ("images_ok", NO_PICTURES),
    1: ("screens_ok", NO_SCREENSHOTS),
    2: ("art_ok", NO_ART),
    3: ("art_ok", NO_ART),
}


def find_group_or_none(call: Call, argument: str = "group_id") -> Row | None:
    """Return the group of an argument, an NSID or alias, or None."""
    return find_group_by_name(call, call.text(argument))


def find_group_by_name(call: Call, name: str) -> Row | None:
    """Return the group with an NSID or alias, or None."""
    return call.store.one(
        "SELECT * FROM groups WHERE nsid = :name OR path_alias = :name COLLATE NOCASE", name=name
    )


def find_group(call: Call, argument: str = "group_id") -> Row:
    """Return the group of an argument, even if the caller may not look into it."""
    row = find_group_or_none(call, argument)
    if row is None:
        raise call.unknown(argument)
    return row


def rank(call: Call, group: str, person: str | None = None) -> int:
    """Return the membership type of a person, by default the caller; 0 without a membership."""
    row = call.store.one(
        "SELECT membertype FROM group_members WHERE group_nsid = :group AND person = :person",
        group=group,
        person=person or call.caller.nsid,
    )
    return int(row["membertype"]) if row else 0


def may_look(call: Call, group: Row) -> bool:
    """Return True if the caller may look into a group; a private one is only visible to members."""
    return bool(group["privacy"] != PRIVATE or rank(call, group["nsid"]))


def group_counts(call: Call, group: Row) -> Answer:
    """Return the numbers of members, photos and topics of a group, as texts."""
    row = call.store.one(
        "SELECT (SELECT count(*) FROM group_members WHERE group_nsid = :id) AS members,"
        " (SELECT count(*) FROM pool_photos WHERE group_nsid = :id) AS pool_count,"
        " (SELECT count(*) FROM topics WHERE group_nsid = :id) AS topic_count",
        id=group["nsid"],
    )
    assert row is not None
    return {name: str(row[name]) for name in ("members", "pool_count", "topic_count")}


def throttle(call: Call, group: Row) -> Answer:
    """Return a group's limit of photos per person and period, and the caller's remaining photos."""
    if group["throttle_count"] is None:
        return {"mode": group["throttle_mode"]}
    return {
        "count": str(group["throttle_count"]),
        "mode": group["throttle_mode"],
        "remaining": str(remaining(call, group)),
    }


def remaining(call: Call, group: Row) -> int:
    """Return the number of photos that the caller may still add to a pool with a limit."""
    period = PERIODS.get(group["throttle_mode"])
    added = call.store.value(
        "SELECT count(*) FROM pool_photos m JOIN photos p ON p.id = m.photo"
        " WHERE m.group_nsid = :group AND p.owner = :me AND m.added > :since",
        group=group["nsid"],
        me=call.caller.nsid,
        since=call.store.current_time() - period if period else 0,
    )
    return max(0, int(group["throttle_count"]) - int(added))


def restrictions(group: Row) -> Answer:
    """Return the kinds of photos that a group's pool accepts."""
    return {name: group[name] for name in RESTRICTIONS}


def content_objection(group: Row, photo: Row) -> int | None:
    """Return the error code if a photo is not allowed in a group's pool, or None."""
    video = photo["media"] == "video"
    content, code = _CONTENT.get(photo["content_type"], _CONTENT[0])
    safety = photo["safety_level"]
    checks = (
        (video and not group["videos_ok"], NO_VIDEOS),
        (not video and not group["photos_ok"], NO_PHOTOS),
        (not group[content], code),
        (safety == 2 and not group["restricted_ok"], NO_RESTRICTED),
        (safety == 1 and not group["moderate_ok"], NO_MODERATE),
        (group["has_geo"] and photo["latitude"] is None, NEEDS_LOCATION),
    )
    return next((number for is_violated, number in checks if is_violated), None)


@answers("groups.getInfo")
def get_info(call: Call) -> Answer:
    """Return a group, by NSID or alias."""
    row = find_group_or_none(call) or find_group_or_none(call, "group_path_alias")
    if row is None:
        raise call.unknown("group_id")
    if not may_look(call, row):
        raise call.fail(2)
    counts = group_counts(call, row)
    return {
        "group": {
            "id": row["nsid"],
            "nsid": row["nsid"],
            "path_alias": row["path_alias"],
            "iconserver": row["iconserver"],
            "iconfarm": row["iconfarm"],
            "lang": LANGUAGE,
            "ispoolmoderated": row["ispoolmoderated"],
            "eighteenplus": row["eighteenplus"],
            "name": {"_content": row["name"]},
            "description": {"_content": row["description"]},
            "rules": {"_content": row["rules"]},
            **{name: {"_content": count} for name, count in counts.items()},
            "privacy": {"_content": str(row["privacy"])},
            "throttle": throttle(call, row),
            "restrictions": restrictions(row),
        }
    }


@answers("groups.search")
def search(call: Call) -> Answer:
    """Return the groups with a text in their name or description, those with most members first."""
    text = call.text("text").casefold()
    rows = [
        row
        for row in call.store.all("SELECT * FROM groups")
        if text in f"{row['name']}\n{row['description']}".casefold() and may_look(call, row)
    ]
    items = [_search_item(call, row) for row in rows]
    items.sort(key=lambda group: (-int(group["members"]), group["nsid"]))
    wanted = page(call, 100).clamp(len(items))
    return {
        "groups": {
            "page": wanted.number,
            "pages": -(-len(items) // wanted.size),
            "perpage": wanted.size,
            "total": len(items),
            "group": items[wanted.start : wanted.start + wanted.size],
            "adj_search_args": None,
        }
    }


def _search_item(call: Call, row: Row) -> Answer:
    return {
        "nsid": row["nsid"],
        "name": row["name"],
        "eighteenplus": row["eighteenplus"],
        "iconserver": row["iconserver"],
        "iconfarm": row["iconfarm"],
        **group_counts(call, row),
        "privacy": str(row["privacy"]),
    }
