"""`flickr.photosets.comments.*`"""

from __future__ import annotations

from flickr_sandbox.answers import addresses, comments, find
from flickr_sandbox.answers.photosets import sets
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row


@answers("photosets.comments.getList")
def get_list(call: Call) -> Answer:
    """The comments below a set, the oldest first."""
    photoset = sets.found(call)
    rows = call.store.all(
        "SELECT c.*, a.* FROM comments c JOIN people a ON a.nsid = c.author"
        " WHERE c.photoset = :id ORDER BY c.created, c.id",
        id=photoset["id"],
    )
    owner = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=photoset["owner"])
    assert owner is not None
    page = addresses.photoset(call.base, owner, photoset["id"])
    told = [comments.told(row, _whole_id(photoset, row["id"]), page) for row in rows]
    listed = {"comment": told} if told else {}
    return {"comments": {"photoset_id": str(photoset["id"]), **listed}}


@answers("photosets.comments.addComment")
def add_comment(call: Call) -> Answer:
    """A comment of the caller's."""
    photoset = sets.found(call)
    number = comments.add(call, "photoset", photoset["id"])
    return {"comment": {"id": _whole_id(photoset, number)}}


@answers("photosets.comments.editComment")
def edit_comment(call: Call) -> Answer:
    """Another text for a comment of the caller's own."""
    comments.rewrite(call, _found(call))
    return {}


@answers("photosets.comments.deleteComment")
def delete_comment(call: Call) -> Answer:
    """A comment goes: one of the caller's, or one below a set of theirs."""
    comments.remove(call, _found(call))
    return {}


def _found(call: Call) -> Row:
    row = call.store.one(
        "SELECT c.*, s.owner FROM comments c JOIN photosets s ON s.id = c.photoset WHERE c.id = :id",
        id=find.parse_last_id(call.text("comment_id")),
    )
    if row is None:
        raise call.unknown("comment_id")
    return row


def _whole_id(photoset: Row, number: int) -> str:
    return find.full_id(photoset["owner"], photoset["id"]) + f"-{number}"
