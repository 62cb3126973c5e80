"""What topics and replies have in common: how they are found, and who may do what with them."""

from __future__ import annotations

from dataclasses import dataclass

from flickr_sandbox.answers import find
from flickr_sandbox.answers.groups import group as groups
from flickr_sandbox.call import Call
from flickr_sandbox.store import Row

LONGEST = 65535
# What is told of the replies to a topic `t`.
_REPLIES = "FROM replies r WHERE r.topic = t.id"
FIELDS = (
    f"(SELECT count(*) {_REPLIES}) AS count_replies,"
    f" coalesce((SELECT max(r.created) {_REPLIES}), t.created) AS last_post,"
    f" (SELECT max(r.id) {_REPLIES}) AS last_reply"
)
UNAVAILABLE = "Topic unavailable"


@dataclass(frozen=True, slots=True)
class Post:
    """A topic or reply in a group, and what the caller may do with it."""

    call: Call
    group: str
    author: str

    @property
    def role(self) -> str:
        """What the author is in the group; empty for one who has left it."""
        return groups.ROLES.get(groups.rank(self.call, self.group, self.author), "")

    @property
    def is_own(self) -> bool:
        return self.author == self.call.caller.nsid

    @property
    def is_kept(self) -> bool:
        """Whether the caller looks after the group."""
        return groups.rank(self.call, self.group) >= groups.MODERATOR

    @property
    def may_edit(self) -> bool:
        return self.is_own and bool(groups.rank(self.call, self.group))

    @property
    def may_delete(self) -> bool:
        return self.may_edit or self.is_kept

    def may_reply(self, topic: Row) -> bool:
        """Whether the caller may post to a topic: members may, unless it is locked."""
        return bool(groups.rank(self.call, self.group)) and not topic["is_locked"]


def found_topic(call: Call) -> Row:
    """The topic that is named; of the group that is named, where one is.

    Raises the method's failure for a topic that there is not, or that the caller may not see.
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
    group = groups.named(call)
    return group is not None and bool(group["nsid"] == topic["group_nsid"])
