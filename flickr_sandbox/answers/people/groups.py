"""The groups that a person is in."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.groups import group as groups
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row


@answers("people.getGroups")
def get_groups(call: Call) -> Answer:
    """The groups of a person, the private ones to those who are in them too."""
    rows = _groups_of(call, find.person(call)["nsid"])
    return _answer([_told(call, row) for row in rows if groups.may_look(call, row)])


@answers("people.getPublicGroups")
def get_public_groups(call: Call) -> Answer:
    """The groups of a person that anybody may look into."""
    rows = _groups_of(call, find.person(call)["nsid"])
    return _answer([_head(row) for row in rows if row["privacy"] != groups.PRIVATE])


def _groups_of(call: Call, person: str) -> list[Row]:
    return call.store.all(
        "SELECT g.*, m.membertype FROM groups g JOIN group_members m ON m.group_nsid = g.nsid"
        " WHERE m.person = :person ORDER BY g.name, g.nsid",
        person=person,
    )


def _answer(told: list[Answer]) -> Answer:
    return {"groups": {"group": told} if told else {}}


def _head(row: Row) -> Answer:
    return {
        "nsid": row["nsid"],
        "name": row["name"],
        "iconfarm": row["iconfarm"],
        "iconserver": row["iconserver"],
        "admin": int(row["membertype"] == groups.ADMIN),
        "eighteenplus": row["eighteenplus"],
        "invitation_only": int(row["privacy"] != groups.OPEN),
    }


def _told(call: Call, row: Row) -> Answer:
    counts = groups.counts(call, row)
    told = _head(row) | {name: counts[name] for name in ("members", "pool_count")}
    asked = call.items("extras")
    if "privacy" in asked:
        told["privacy"] = str(row["privacy"])
    if "throttle" in asked:
        told["throttle"] = groups.throttle(call, row)
    if "restrictions" in asked:
        told["restrictions"] = groups.restrictions(row)
    return told
