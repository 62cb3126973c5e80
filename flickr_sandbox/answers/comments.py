"""Comments, which are alike below a photo and below a photoset."""

from __future__ import annotations

from flickr_sandbox.call import Answer, Call
from flickr_sandbox.store import Row


def told(row: Row, whole_id: str, page: str) -> Answer:
    """A comment with its author, in a list; `page` is the address that it stands on."""
    return {
        "id": whole_id,
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


def add(call: Call, kind: str, of: int) -> int:
    """A comment of the caller's below what `of` numbers, a `photo` or `photoset`; its own number."""
    number = call.store.next_id()
    written = {"author": call.me, "created": call.store.now(), "text": call.text("comment_text")}
    call.store.insert("comments", id=number, **{kind: of}, **written)
    return number


def rewrite(call: Call, comment: Row) -> None:
    """Another text for a comment. Raises the method's failure where it is not the caller's own."""
    if comment["author"] != call.me:
        raise call.unknown("comment_id")
    text = call.text("comment_text")
    call.store.run("UPDATE comments SET text = :text WHERE id = :id", text=text, id=comment["id"])


def remove(call: Call, comment: Row) -> None:
    """A comment goes: one of the caller's, or one below what is theirs, as its `owner` tells.

    Raises the method's failure for any other.
    """
    if call.me not in (comment["author"], comment["owner"]):
        raise call.unknown("comment_id")
    call.store.run("DELETE FROM comments WHERE id = :id", id=comment["id"])
