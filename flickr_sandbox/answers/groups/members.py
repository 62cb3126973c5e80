"""`flickr.groups.members.*`, joining and leaving, and the groups of a person in `flickr.people.*`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.groups import group as groups
from flickr_sandbox.answers.listing import page
from flickr_sandbox.answers.person_fields import shows_name
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

_MEMBERS = (
    "FROM group_members m JOIN people p ON p.nsid = m.person"
    " WHERE m.group_nsid = :group AND instr(:types, ',' || m.membertype || ',')"
)


@answers("groups.members.getList")
def get_list(call: Call) -> Answer:
    """Return the members of a group, admins first; all types, or those of `membertypes`."""
    group = groups.find_group(call)
    if not groups.may_look(call, group):
        raise call.unknown("group_id")
    types = call.items("membertypes") or [str(kind) for kind in groups.ROLES]
    values = {"group": group["nsid"], "types": f",{','.join(types)},"}
    total = int(call.store.value(f"SELECT count(*) {_MEMBERS}", **values))
    wanted = page(call, 100).clamp(total)
    rows = call.store.all(
        f"SELECT p.*, m.membertype {_MEMBERS} ORDER BY m.membertype DESC, m.joined, p.nsid"
        " LIMIT :size OFFSET :start",
        **values,
        size=wanted.size,
        start=wanted.start,
    )
    return {
        "members": {
            "page": wanted.number,
            "pages": -(-total // wanted.size),
            "perpage": wanted.size,
            "total": total,
            "member": [_member(call, row) for row in rows],
        }
    }


def _find_group_to_join(call: Call, privacy: int) -> Row:
    """Return the group that the caller wants to join, if it has this privacy.

    Raises the failures of `join` and `joinRequest`: 4 already a member, 3 or 5 another privacy, 6
    rules not accepted.
    """
    group = groups.find_group(call)
    if groups.rank(call, group["nsid"]):
        raise call.fail(4)
    if group["privacy"] != privacy:
        raise call.fail(3 if group["privacy"] == groups.PRIVATE else 5)
    if group["rules"] and not call.flag("accept_rules"):
        raise call.fail(6)
    return group


@answers("groups.join")
def join(call: Call) -> Answer:
    """Join an open group, and accept its rules if it has any."""
    group = _find_group_to_join(call, groups.OPEN)
    call.store.insert(
        "group_members", group_nsid=group["nsid"], person=call.me, joined=call.store.current_time()
    )
    return {}


@answers("groups.joinRequest")
def join_request(call: Call) -> Answer:
    """Request to join a group with invitations."""
    group = _find_group_to_join(call, groups.BY_INVITATION)
    added = call.store.run(
        "INSERT OR IGNORE INTO join_requests VALUES (:group, :me, :message)",
        group=group["nsid"],
        me=call.me,
        message=call.text("message"),
    )
    if not added:
        raise call.fail(7)
    return {}


@answers("groups.leave")
def leave(call: Call) -> Answer:
    """Leave a group, and with `delete_photos` remove the caller's photos from it."""
    group = groups.find_group(call)
    if not groups.rank(call, group["nsid"]):
        raise call.fail(3)
    values = {"group": group["nsid"], "me": call.me}
    call.store.run("DELETE FROM group_members WHERE group_nsid = :group AND person = :me", **values)
    if call.flag("delete_photos"):
        mine = "(SELECT owner FROM photos WHERE id = photo) = :me"
        for table in ("pool_photos", "pending_photos"):
            call.store.run(f"DELETE FROM {table} WHERE group_nsid = :group AND {mine}", **values)
    return {}


def _member(call: Call, row: Row) -> Answer:
    return {
        "nsid": row["nsid"],
        "username": row["username"],
        "iconserver": row["iconserver"],
        "iconfarm": row["iconfarm"],
        "membertype": str(row["membertype"]),
        **({"realname": row["realname"]} if shows_name(call, row) else {}),
    }


@answers("people.getGroups")
def get_groups(call: Call) -> Answer:
    """Return the groups of a person; private ones only to their members."""
    rows = _groups_of(call, find.person(call)["nsid"])
    return _answer([_membership(call, row) for row in rows if groups.may_look(call, row)])


@answers("people.getPublicGroups")
def get_public_groups(call: Call) -> Answer:
    """Return the groups of a person that are not private."""
    rows = _groups_of(call, find.person(call)["nsid"])
    public = [row for row in rows if row["privacy"] != groups.PRIVATE]
    # Flickr's `admin` is a boolean false here.
    return _answer([_head(call, row) | _admin(row, False) for row in public])


def _groups_of(call: Call, person: str) -> list[Row]:
    return call.store.all(
        "SELECT g.*, m.membertype FROM groups g JOIN group_members m ON m.group_nsid = g.nsid"
        " WHERE m.person = :person ORDER BY g.name, g.nsid",
        person=person,
    )


def _answer(items: list[Answer]) -> Answer:
    return {"groups": {"group": items} if items else {}}


def _head(call: Call, row: Row) -> Answer:
    counts = groups.group_counts(call, row)
    return {
        "nsid": row["nsid"],
        "name": groups.name_in_lists(row),
        "iconfarm": row["iconfarm"],
        "iconserver": row["iconserver"],
        **_admin(row, 0),
        "eighteenplus": row["eighteenplus"],
        "invitation_only": int(row["privacy"] != groups.OPEN),
        "members": counts["members"],
        "pool_count": counts["pool_count"],
        **groups.membership(call, row),
    }


def _admin(row: Row, no: int | bool) -> Answer:
    return {"admin": 1 if row["membertype"] == groups.ADMIN else no}


def _membership(call: Call, row: Row) -> Answer:
    counts = groups.group_counts(call, row)
    answer = _head(call, row) | {"topic_count": counts["topic_count"]}
    extras = call.items("extras")
    if "privacy" in extras:
        answer["privacy"] = str(row["privacy"])
    if "throttle" in extras:
        answer["throttle"] = groups.throttle(call, row)
    if "restrictions" in extras:
        answer["restrictions"] = groups.restrictions(row)
    return answer
