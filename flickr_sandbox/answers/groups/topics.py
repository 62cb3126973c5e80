"""`flickr.groups.discuss.topics.*`, and `Post`, which is common to topics and replies."""

from __future__ import annotations

from dataclasses import dataclass

from flickr_sandbox.answers import find
from flickr_sandbox.answers.groups import group as groups
from flickr_sandbox.answers.listing import page
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

LONGEST = 65535
# The columns about the replies to a topic `t`.
_REPLIES = "FROM replies r WHERE r.topic = t.id"
FIELDS = (
    f"(SELECT count(*) {_REPLIES}) AS count_replies,"
    f" coalesce((SELECT max(r.created) {_REPLIES}), t.created) AS last_post,"
    f" (SELECT max(r.id) {_REPLIES}) AS last_reply"
)
UNAVAILABLE = "Topic unavailable"
_TOPICS = f"SELECT {FIELDS}, p.*, t.* FROM topics t JOIN people p ON p.nsid = t.author"


@dataclass(frozen=True, slots=True)
class Post:
    """A topic or reply in a group, with the caller's permissions."""

    call: Call
    group: str
    author: str

    @property
    def role(self) -> str:
        """The author's role in the group; empty if the author has left it."""
        return groups.ROLES.get(groups.rank(self.call, self.group, self.author), "")

    @property
    def is_own(self) -> bool:
        return self.author == self.call.caller.nsid

    @property
    def is_moderator(self) -> bool:
        """True if the caller is a moderator or admin of the group."""
        return groups.rank(self.call, self.group) >= groups.MODERATOR

    @property
    def may_edit(self) -> bool:
        return self.is_own and bool(groups.rank(self.call, self.group))

    @property
    def may_delete(self) -> bool:
        return self.may_edit or self.is_moderator

    def may_reply(self, topic: Row) -> bool:
        """Return True if the caller may reply to a topic: a member, and the topic is not locked."""
        return bool(groups.rank(self.call, self.group)) and not topic["is_locked"]


def find_topic(call: Call) -> Row:
    """Return the topic of `topic_id`, which must belong to `group_id` if that is given.

    Raises the method's failure for an unknown topic, or one that the caller may not see.
    """
    row = call.store.one(
        "SELECT * FROM topics WHERE id = :id", id=find.parse_id(call.text("topic_id"))
    )
    if row is None or (call.text("group_id") and not _is_in(call, row)):
        raise call.unknown("topic_id")
    group = call.store.one("SELECT * FROM groups WHERE nsid = :nsid", nsid=row["group_nsid"])
    assert group is not None
    if not groups.may_look(call, group):
        declared = any(error.message == UNAVAILABLE for error in call.method.errors)
        raise call.fail(2) if declared else call.unknown("topic_id")
    return row


def _is_in(call: Call, topic: Row) -> bool:
    group = groups.find_group_or_none(call)
    return group is not None and bool(group["nsid"] == topic["group_nsid"])


@answers("groups.discuss.topics.getList")
def get_list(call: Call) -> Answer:
    """Return the topics of a group: sticky ones first, then those with the newest posts."""
    group = groups.find_group(call)
    if not groups.may_look(call, group):
        raise call.fail(2)
    rows = call.store.all(
        f"{_TOPICS} WHERE t.group_nsid = :group ORDER BY t.is_sticky DESC, last_post DESC, t.id",
        group=group["nsid"],
    )
    wanted = page(call).clamp(len(rows))
    return {
        "topics": {
            "group_id": group["nsid"],
            "iconserver": group["iconserver"],
            "iconfarm": group["iconfarm"],
            "name": group["name"],
            "members": groups.group_counts(call, group)["members"],
            "privacy": str(group["privacy"]),
            "lang": groups.LANGUAGE,
            "ispoolmoderated": group["ispoolmoderated"],
            "total": len(rows),
            "page": wanted.number,
            "per_page": wanted.size,
            "pages": -(-len(rows) // wanted.size),
            "topic": [_topic(call, row) for row in rows[wanted.start : wanted.start + wanted.size]],
        }
    }


@answers("groups.discuss.topics.getInfo")
def get_info(call: Call) -> Answer:
    """Return a topic."""
    topic = find_topic(call)
    row = call.store.one(f"{_TOPICS} WHERE t.id = :id", id=topic["id"])
    assert row is not None
    return {"topic": _topic(call, row)}


@answers("groups.discuss.topics.add")
def add(call: Call) -> Answer:
    """Start a topic, as a member of the group."""
    group = groups.find_group(call)
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
        created=call.store.current_time(),
    )
    return {}


def _topic(call: Call, row: Row) -> Answer:
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
