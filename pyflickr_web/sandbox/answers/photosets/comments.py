"""`flickr.photosets.comments.*`"""

from __future__ import annotations

from pyflickr_web.sandbox.answers import addresses, ids
from pyflickr_web.sandbox.answers.photosets import sets
from pyflickr_web.sandbox.call import Answer, Call
from pyflickr_web.sandbox.registry import answers
from pyflickr_web.sandbox.store import Row


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
    listed = {"comment": [_told(row, photoset, page) for row in rows]} if rows else {}
    return {"comments": {"photoset_id": str(photoset["id"]), **listed}}


@answers("photosets.comments.addComment")
def add_comment(call: Call) -> Answer:
    """A comment of the caller's."""
    photoset, number = sets.found(call), call.store.next_id()
    call.store.insert(
        "comments",
        id=number,
        photoset=photoset["id"],
        author=call.me,
        created=call.store.now(),
        text=call.text("comment_text"),
    )
    return {"comment": {"id": _whole_id(photoset, number)}}


@answers("photosets.comments.editComment")
def edit_comment(call: Call) -> Answer:
    """Another text for a comment of the caller's own."""
    comment = _comment(call)
    if comment["author"] != call.me:
        raise call.unknown("comment_id")
    call.store.run(
        "UPDATE comments SET text = :text WHERE id = :id",
        text=call.text("comment_text"),
        id=comment["id"],
    )
    return {}


@answers("photosets.comments.deleteComment")
def delete_comment(call: Call) -> Answer:
    """A comment goes: one of the caller's, or one below a set of theirs."""
    comment = _comment(call)
    if call.me not in (comment["author"], comment["owner"]):
        raise call.unknown("comment_id")
    call.store.run("DELETE FROM comments WHERE id = :id", id=comment["id"])
    return {}


def _comment(call: Call) -> Row:
    row = call.store.one(
        "SELECT c.*, s.owner FROM comments c JOIN photosets s ON s.id = c.photoset WHERE c.id = :id",
        id=ids.last_number(call.text("comment_id")),
    )
    if row is None:
        raise call.unknown("comment_id")
    return row


def _told(row: Row, photoset: Row, page: str) -> Answer:
    return {
        "id": _whole_id(photoset, row["id"]),
        "author": row["author"],
        "author_is_deleted": row["is_deleted"],
        "authorname": row["username"],
        "iconserver": row["iconserver"],
        "iconfarm": row["iconfarm"],
        "datecreate": str(row["created"]),
        "permalink": f"{page}#comment{row['id']}",
        "path_alias": row["path_alias"],
        "realname": row["realname"],
        "_content": row["text"],
    }


def _whole_id(photoset: Row, number: int) -> str:
    return ids.compound(photoset["owner"], photoset["id"]) + f"-{number}"
