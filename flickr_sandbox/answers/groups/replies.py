"""`flickr.groups.discuss.replies.*`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.groups.topics import FIELDS, Post, find_topic
from flickr_sandbox.answers.listing import page
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

_REPLIES = "SELECT p.*, r.* FROM replies r JOIN people p ON p.nsid = r.author"
_TOPIC = (
    f"SELECT {FIELDS}, p.username, p.iconserver AS author_iconserver, p.iconfarm AS author_iconfarm,"
    " g.name, g.iconserver, g.iconfarm, t.* FROM topics t JOIN people p ON p.nsid = t.author"
    " JOIN groups g ON g.nsid = t.group_nsid WHERE t.id = :id"
)


@answers("groups.discuss.replies.getList")
def get_list(call: Call) -> Answer:
    """Return a topic and its replies, oldest first."""
    topic = call.store.one(_TOPIC, id=find_topic(call)["id"])
    assert topic is not None
    wanted = page(call).clamp(topic["count_replies"])
    rows = call.store.all(
        f"{_REPLIES} WHERE r.topic = :id ORDER BY r.created, r.id LIMIT :size OFFSET :start",
        id=topic["id"],
        size=wanted.size,
        start=wanted.start,
    )
    head = _topic(call, topic) | {
        "total": topic["count_replies"],
        "page": wanted.number,
        "per_page": wanted.size,
        "pages": -(-topic["count_replies"] // wanted.size),
        "message": {"_content": topic["message"]},
    }
    replies = {"reply": [_reply(call, topic, row) for row in rows]} if rows else {}
    return {"replies": {"topic": head, **replies}}


@answers("groups.discuss.replies.getInfo")
def get_info(call: Call) -> Answer:
    """Return a reply."""
    topic = find_topic(call)
    return {"reply": _reply(call, topic, _find_reply(call, topic))}


@answers("groups.discuss.replies.add")
def add(call: Call) -> Answer:
    """Reply to a topic that is not locked, as a member of its group."""
    topic = find_topic(call)
    if not _post(call, topic, topic).may_reply(topic):
        raise call.fail(2)
    call.store.insert(
        "replies",
        id=call.store.next_id(),
        topic=topic["id"],
        author=call.me,
        message=call.text("message"),
        created=call.store.current_time(),
    )
    return {}


@answers("groups.discuss.replies.edit")
def edit(call: Call) -> Answer:
    """Change the message of one of the caller's replies."""
    topic = find_topic(call)
    reply = _find_reply(call, topic)
    post = _post(call, topic, reply)
    if not post.is_own:
        raise call.fail(4)
    if not post.may_reply(topic):
        raise call.fail(5)
    call.store.run(
        "UPDATE replies SET message = :message, lastedit = :now WHERE id = :id",
        message=call.text("message"),
        now=call.store.current_time(),
        id=reply["id"],
    )
    return {}


@answers("groups.discuss.replies.delete")
def delete(call: Call) -> Answer:
    """Delete one of the caller's replies, or as a moderator any reply."""
    topic = find_topic(call)
    reply = _find_reply(call, topic)
    if not _post(call, topic, reply).may_delete:
        raise call.fail(3)
    call.store.run("DELETE FROM replies WHERE id = :id", id=reply["id"])
    return {}


def _find_reply(call: Call, topic: Row) -> Row:
    row = call.store.one(
        f"{_REPLIES} WHERE r.id = :id AND r.topic = :topic",
        id=find.parse_id(call.text("reply_id")),
        topic=topic["id"],
    )
    if row is None:
        raise call.unknown("reply_id")
    return row


def _post(call: Call, topic: Row, post: Row) -> Post:
    return Post(call, topic["group_nsid"], post["author"])


def _topic(call: Call, topic: Row) -> Answer:
    post = _post(call, topic, topic)
    return {
        "topic_id": str(topic["id"]),
        "subject": topic["subject"],
        "group_id": topic["group_nsid"],
        "iconserver": topic["iconserver"],
        "iconfarm": topic["iconfarm"],
        "name": topic["name"],
        "author": topic["author"],
        "authorname": topic["username"],
        "role": post.role,
        "author_iconserver": topic["author_iconserver"],
        "author_iconfarm": topic["author_iconfarm"],
        "can_edit": int(post.may_edit),
        "can_delete": int(post.may_delete),
        "can_reply": int(post.may_reply(topic)),
        "is_sticky": topic["is_sticky"],
        "is_locked": topic["is_locked"],
        "datecreate": str(topic["created"]),
        "datelastpost": str(topic["last_post"]),
    }


def _reply(call: Call, topic: Row, row: Row) -> Answer:
    post = _post(call, topic, row)
    return {
        "id": str(row["id"]),
        "author": row["author"],
        "authorname": row["username"],
        "is_pro": row["ispro"],
        "role": post.role,
        "iconserver": row["iconserver"],
        "iconfarm": row["iconfarm"],
        "can_edit": int(post.may_edit),
        "can_delete": int(post.may_delete),
        "datecreate": str(row["created"]),
        "lastedit": str(row["lastedit"]),
        "message": {"_content": row["message"]},
    }
