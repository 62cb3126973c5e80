"""What a group is, and which there are."""

from __future__ import annotations

from flickr_sandbox.answers.groups import group as groups
from flickr_sandbox.answers.listing import page
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row


@answers("groups.getInfo")
def get_info(call: Call) -> Answer:
    """All about a group, which is named by NSID or by alias."""
    row = groups.named(call) or groups.named(call, "group_path_alias")
    if row is None:
        raise call.unknown("group_id")
    if not groups.may_look(call, row):
        raise call.fail(2)
    counts = groups.counts(call, row)
    return {
        "group": {
            "id": row["nsid"],
            "nsid": row["nsid"],
            "path_alias": row["path_alias"],
            "iconserver": row["iconserver"],
            "iconfarm": row["iconfarm"],
            "lang": groups.LANGUAGE,
            "ispoolmoderated": row["ispoolmoderated"],
            "eighteenplus": row["eighteenplus"],
            "name": {"_content": row["name"]},
            "description": {"_content": row["description"]},
            "rules": {"_content": row["rules"]},
            **{name: {"_content": count} for name, count in counts.items()},
            "privacy": {"_content": str(row["privacy"])},
            "throttle": groups.throttle(call, row),
            "restrictions": groups.restrictions(row),
        }
    }


@answers("groups.search")
def search(call: Call) -> Answer:
    """Groups that have a text in their name or description, those with most members first."""
    text = call.text("text").casefold()
    rows = [
        row
        for row in call.store.all("SELECT * FROM groups")
        if text in f"{row['name']}\n{row['description']}".casefold() and groups.may_look(call, row)
    ]
    told = [_told(call, row) for row in rows]
    told.sort(key=lambda group: (-int(group["members"]), group["nsid"]))
    wanted = page(call, 100).within(len(told))
    return {
        "groups": {
            "page": wanted.number,
            "pages": -(-len(told) // wanted.size),
            "perpage": wanted.size,
            "total": len(told),
            "group": told[wanted.start : wanted.start + wanted.size],
            "adj_search_args": None,
        }
    }


def _told(call: Call, row: Row) -> Answer:
    return {
        "nsid": row["nsid"],
        "name": row["name"],
        "eighteenplus": row["eighteenplus"],
        "iconserver": row["iconserver"],
        "iconfarm": row["iconfarm"],
        **groups.counts(call, row),
        "privacy": str(row["privacy"]),
    }
