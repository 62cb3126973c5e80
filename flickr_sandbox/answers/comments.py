"""`flickr.photos.comments.*` and `flickr.photosets.comments.*`"""

from __future__ import annotations

from flickr_sandbox.answers import addresses, dates, find
from flickr_sandbox.answers.addresses import parse_tag_or_comment_id, photo_page, tag_or_comment_id
from flickr_sandbox.answers.find import VISIBLE, has_permission
from flickr_sandbox.answers.listing import NEWEST, Query, page
from flickr_sandbox.answers.listing import photos_answer as listing
from flickr_sandbox.answers.person_fields import real_name
from flickr_sandbox.answers.photos.edits import update_photo
from flickr_sandbox.answers.photosets import sets
from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

HOUR = 3600
# The sizes of icons in an answer to a new comment, with the suffixes of their files.
_ICONS = {"retina": "r", "large": "l", "medium": "m", "small": "s", "default": ""}
_PHOTO_COMMENTS = """
SELECT c.*, a.nsid, a.username, a.realname, a.hides_name, a.path_alias, a.iconserver, a.iconfarm,
  a.is_deleted
FROM comments c JOIN people a ON a.nsid = c.author
WHERE c.photo = :photo AND c.created BETWEEN :since AND :until ORDER BY c.created, c.id
"""


def comment_answer(call: Call, row: Row, whole_id: str, page: str) -> Answer:
    """Return a comment with its author, as an item of a list; `page` is the address of its page."""
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
        "realname": real_name(call, row),
        "_content": row["text"],
    }


def insert_comment(call: Call, kind: str, of: int) -> int:
    """Add a comment by the caller to the `photo` or `photoset` with the id `of`; return its number."""
    number = call.store.next_id()
    written = {
        "author": call.me,
        "created": call.store.current_time(),
        "text": call.text("comment_text"),
    }
    call.store.insert("comments", id=number, **{kind: of}, **written)
    return number


def update_comment(call: Call, comment: Row) -> None:
    """Change a comment's text. Raises the method's failure if it is not the caller's own."""
    if comment["author"] != call.me:
        raise call.unknown("comment_id")
    text = call.text("comment_text")
    call.store.run("UPDATE comments SET text = :text WHERE id = :id", text=text, id=comment["id"])


def remove_comment(call: Call, comment: Row) -> None:
    """Delete a comment by the caller, or on an item of theirs; `owner` is the item's owner.

    Raises the method's failure for other comments.
    """
    if call.me not in (comment["author"], comment["owner"]):
        raise call.unknown("comment_id")
    call.store.run("DELETE FROM comments WHERE id = :id", id=comment["id"])


@answers("photos.comments.getList")
def get_photo_comments(call: Call) -> Answer:
    """Return the comments on a photo, oldest first; without comments, the answer has no list."""
    photo = find.photo(call)
    rows = call.store.all(
        _PHOTO_COMMENTS,
        photo=photo["id"],
        since=dates.unix(call.text("min_comment_date")) or 0,
        until=dates.unix(call.text("max_comment_date")) or 2**53,
    )
    page_of = photo_page(call, photo["owner"], photo["id"])
    comments = [
        comment_answer(
            call, row, tag_or_comment_id(photo["owner"], photo["id"], row["id"]), page_of
        )
        for row in rows
    ]
    return {
        "comments": {"photo_id": str(photo["id"]), **({"comment": comments} if comments else {})}
    }


@answers("photos.comments.addComment")
def add_photo_comment(call: Call) -> Answer:
    """Comment on a photo."""
    photo = find.photo(call)
    if not has_permission(call, photo, "permcomment"):
        raise Failure(99, "Insufficient permission to comment")
    number = insert_comment(call, "photo", photo["id"])
    update_photo(call, photo["id"])
    author = find.caller(call)
    return {
        "comment": {
            "id": tag_or_comment_id(photo["owner"], photo["id"], number),
            "author": author["nsid"],
            "authorname": author["username"],
            "datecreate": str(call.store.current_time()),
            "permalink": f"{photo_page(call, photo['owner'], photo['id'])}#comment{number}",
            "path_alias": author["path_alias"],
            "realname": author["realname"],
            "_content": call.text("comment_text"),
            "iconurls": {name: addresses.icon(call, author, size) for name, size in _ICONS.items()},
        }
    }


@answers("photos.comments.editComment")
def edit_photo_comment(call: Call) -> Answer:
    """Change the text of one of the caller's comments."""
    comment = _find_photo_comment(call)
    update_comment(call, comment)
    update_photo(call, comment["photo"])
    return {}


@answers("photos.comments.deleteComment")
def delete_photo_comment(call: Call) -> Answer:
    """Delete a comment by the caller, or one on the caller's photo."""
    comment = _find_photo_comment(call)
    remove_comment(call, comment)
    update_photo(call, comment["photo"])
    return {}


def _find_photo_comment(call: Call) -> Row:
    photo, number = parse_tag_or_comment_id(call.text("comment_id"))
    row = call.store.one(
        f"""SELECT m.*, p.owner FROM comments m JOIN photos p ON p.id = m.photo
        WHERE m.id = :number AND m.photo = :photo AND {VISIBLE}""",
        number=number,
        photo=photo,
        caller=call.me,
    )
    if row is None:
        raise call.unknown("comment_id")
    return row


@answers("photos.comments.getRecentForContacts")
def get_recent_for_contacts(call: Call) -> Answer:
    """Return photos of contacts with comments in the last hour."""
    now = call.store.current_time()
    since = max(dates.unix(call.text("date_lastcomment")) or 0, now - HOUR)
    query = Query(call, NEWEST).where(
        "EXISTS (SELECT 1 FROM contacts k WHERE k.owner = :caller AND k.contact = p.owner)"
        " AND p.id IN (SELECT photo FROM comments WHERE created >= :since)",
        since=since,
    )
    wanted = {f"contact{number}": nsid for number, nsid in enumerate(call.items("contacts_filter"))}
    if wanted:
        marks = ", ".join(f":{name}" for name in wanted)
        query.where(f"p.owner IN ({marks})", **wanted)
    return listing(query, page(call))


@answers("photosets.comments.getList")
def get_photoset_comments(call: Call) -> Answer:
    """Return the comments on a set, oldest first."""
    photoset = sets.find_photoset(call)
    rows = call.store.all(
        "SELECT c.*, a.* FROM comments c JOIN people a ON a.nsid = c.author"
        " WHERE c.photoset = :id ORDER BY c.created, c.id",
        id=photoset["id"],
    )
    owner = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=photoset["owner"])
    assert owner is not None
    page = addresses.photoset_page(call.base, owner, photoset["id"])
    comments = [
        comment_answer(call, row, _photoset_comment_id(photoset, row["id"]), page) for row in rows
    ]
    return {
        "comments": {
            "photoset_id": str(photoset["id"]),
            **({"comment": comments} if comments else {}),
        }
    }


@answers("photosets.comments.addComment")
def add_photoset_comment(call: Call) -> Answer:
    """Comment on a set."""
    photoset = sets.find_photoset(call)
    number = insert_comment(call, "photoset", photoset["id"])
    return {"comment": {"id": _photoset_comment_id(photoset, number)}}


@answers("photosets.comments.editComment")
def edit_photoset_comment(call: Call) -> Answer:
    """Change the text of one of the caller's comments."""
    update_comment(call, _find_photoset_comment(call))
    return {}


@answers("photosets.comments.deleteComment")
def delete_photoset_comment(call: Call) -> Answer:
    """Delete a comment by the caller, or one on the caller's set."""
    remove_comment(call, _find_photoset_comment(call))
    return {}


def _find_photoset_comment(call: Call) -> Row:
    row = call.store.one(
        "SELECT c.*, s.owner FROM comments c JOIN photosets s ON s.id = c.photoset WHERE c.id = :id",
        id=find.parse_last_id(call.text("comment_id")),
    )
    if row is None:
        raise call.unknown("comment_id")
    return row


def _photoset_comment_id(photoset: Row, number: int) -> str:
    return find.full_id(photoset["owner"], photoset["id"]) + f"-{number}"
