"""Find groups, with their counts and limits; `flickr.groups.getInfo` and `search`."""

from __future__ import annotations

from html import escape

from flickr_sandbox.answers import dates
from flickr_sandbox.answers.dates import DAY
from flickr_sandbox.answers.listing import page
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

PRIVATE, BY_INVITATION, OPEN = 1, 2, 3
MEMBER, MODERATOR, ADMIN = 2, 3, 4
ROLES = {MEMBER: "member", MODERATOR: "moderator", ADMIN: "admin"}
ROLE_NAMES = {"member": "Member", "moderator": "Moderator", "admin": "Admin"}
LANGUAGE = "en-us"
PERIODS = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}
RESTRICTIONS = (
    "photos_ok", "videos_ok", "images_ok", "screens_ok", "art_ok", "virtual_ok", "safe_ok",
    "moderate_ok", "restricted_ok", "has_geo",
)  # fmt: skip
NO_VIDEOS, NO_PHOTOS, NO_PICTURES, NO_SCREENSHOTS, NO_ART = 21, 22, 24, 25, 26
NO_RESTRICTED, NO_MODERATE, NEEDS_LOCATION = 27, 28, 29
# Restriction and error code by content type: 0 photo, 1 screenshot, 2 other and 3 virtual.
_CONTENT = {
    0: ("images_ok", NO_PICTURES),
    1: ("screens_ok", NO_SCREENSHOTS),
    2: ("art_ok", NO_ART),
    3: ("virtual_ok", NO_ART),
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
    """Return a group's limit of photos per person and period, and a member's remaining photos."""
    if group["throttle_count"] is None:
        return {"mode": group["throttle_mode"]}
    answer = {"count": str(group["throttle_count"]), "mode": group["throttle_mode"]}
    if not rank(call, group["nsid"]):
        return answer
    return answer | {"remaining": str(remaining(call, group))}


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
    return {
        "group": {
            "id": row["nsid"],
            "nsid": row["nsid"],
            "path_alias": row["path_alias"],
            "iconserver": row["iconserver"],
            "iconfarm": row["iconfarm"],
            "lang": "",
            "ispoolmoderated": row["ispoolmoderated"],
            "photo_limit_opt_out": 0,
            "eighteenplus": row["eighteenplus"],
            "invitation_only": int(row["privacy"] != OPEN),
            **membership(call, row),
            **_founder(call, row),
            **_texts(call, row),
            "throttle": throttle(call, row),
            "restrictions": restrictions(row),
        }
    }


def membership(call: Call, group: Row) -> Answer:
    """Return the caller's roles in a group."""
    own = rank(call, group["nsid"])
    return {
        "is_member": int(own >= MEMBER),
        "is_moderator": int(own == MODERATOR),
        "is_admin": int(own == ADMIN),
    }


def name_in_lists(group: Row) -> str:
    """Return a group's name as lists of groups have it: already escaped for HTML."""
    return escape(group["name"]).replace("&#x27;", "&#039;")


def _founder(call: Call, group: Row) -> Answer:
    """Return, for members, 1 if the caller has founded the group: its first member."""
    if not rank(call, group["nsid"]):
        return {}
    return {"is_founder": int(_first_member(call, group) == call.caller.nsid)}


def _first_member(call: Call, group: Row) -> str | None:
    first: str | None = call.store.value(
        "SELECT person FROM group_members WHERE group_nsid = :group"
        " ORDER BY membertype DESC, joined LIMIT 1",
        group=group["nsid"],
    )
    return first


def _texts(call: Call, group: Row) -> Answer:
    """Return the parts of a group's page: its texts, counts, roles, dates and announcement."""
    counts = group_counts(call, group)
    return {
        "name": {"_content": group["name"]},
        "description": {"_content": group["description"]},
        "rules": {"_content": group["rules"]},
        **{name: {"_content": count} for name, count in counts.items()},
        "privacy": {"_content": str(group["privacy"])},
        "roles": ROLE_NAMES,
        "datecreate": {"_content": dates.text(group["created"])},
        "dateactivity": {"_content": str(_last_activity(call, group))},
        "blast": _blast(call, group),
    }


def _last_activity(call: Call, group: Row) -> int:
    return int(
        call.store.value(
            "SELECT coalesce(max(added), :created) FROM pool_photos WHERE group_nsid = :id",
            created=group["created"],
            id=group["nsid"],
        )
    )


def _blast(call: Call, group: Row) -> Answer:
    """Return a group's announcement; in the library, groups with rules have one."""
    if not group["rules"]:
        return {"_content": ""}
    author = _first_member(call, group) or ""
    return {
        "date_blast_added": str(group["created"]),
        "user_id": author.partition("@")[0],
        "_content": "Please read the rules.",
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
