"""`flickr.groups.discuss.topics.*`"""

from __future__ import annotations

from flickr_sandbox.answers.groups import group as groups
from flickr_sandbox.answers.groups.discussion import FIELDS, LONGEST, Post, found_topic
from flickr_sandbox.answers.listing import page
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

_TOPICS = f"SELECT {FIELDS}, p.*, t.* FROM topics t JOIN people p ON p.nsid = t.author"


@answers("groups.discuss.topics.getList")
def get_list(call: Call) -> Answer:
    """The topics of a group: sticky ones first, then those with the newest posts."""
    group = groups.found(call)
    if not groups.may_look(call, group):
        raise call.fail(2)
    rows = call.store.all(
        f"{_TOPICS} WHERE t.group_nsid = :group ORDER BY t.is_sticky DESC, last_post DESC, t.id",
        group=group["nsid"],
    )
    wanted = page(call).within(len(rows))
    return {
        "topics": {
            "group_id": group["nsid"],
            "iconserver": group["iconserver"],
            "iconfarm": group["iconfarm"],
            "name": group["name"],
            "members": groups.counts(call, group)["members"],
            "privacy": str(group["privacy"]),
            "lang": groups.LANGUAGE,
            "ispoolmoderated": group["ispoolmoderated"],
            "total": len(rows),
            "page": wanted.number,
            "per_page": wanted.size,
            "pages": -(-len(rows) // wanted.size),
            "topic": [_told(call, row) for row in rows[wanted.start : wanted.start + wanted.size]],
        }
    }


@answers("groups.discuss.topics.getInfo")
def get_info(call: Call) -> Answer:
    """One topic."""
    topic = found_topic(call)
    row = call.store.one(f"{_TOPICS} WHERE t.id = :id", id=topic["id"])
    assert row is not None
    return {"topic": _told(call, row)}


@answers("groups.discuss.topics.add")
def add(call: Call) -> Answer:
    """A topic by the caller, in a group that they are in."""
    group = groups.found(call)
    if not groups.rank(call, group["nsid"]):
        raise call.fail(2)
    if len(call.text("message")) > LONGEST:
        raise call.fail(3)
    call.store.insert(
        "topics",
        id=call.store.next_id(),
        group_nsid=group["nsid"],
        author=call.me,
        subject=call.text("subject"),
        message=call.text("message"),
        created=call.store.now(),
    )
    return {}


def _told(call: Call, row: Row) -> Answer:
    post = Post(call, row["group_nsid"], row["author"])
    last = {"last_reply": str(row["last_reply"])} if row["last_reply"] else {}
    return {
        "id": str(row["id"]),
        "subject": row["subject"],
        "author": row["author"],
        "authorname": row["username"],
        "is_pro": row["ispro"],
        "role": post.role,
        "iconserver": row["iconserver"],
        "iconfarm": row["iconfarm"],
        "count_replies": str(row["count_replies"]),
        "can_edit": int(post.may_edit),
        "can_delete": int(post.may_delete),
        "can_reply": int(post.may_reply(row)),
        "is_sticky": row["is_sticky"],
        "is_locked": row["is_locked"],
        "datecreate": str(row["created"]),
        "datelastpost": str(row["last_post"]),
        **last,
        "message": {"_content": row["message"]},
    }
