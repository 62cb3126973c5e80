"""Comments below photos: `flickr.photos.comments.*`."""

from __future__ import annotations

from flickr_sandbox.answers import comments, dates, find
from flickr_sandbox.answers.addresses import parse_tag_or_comment_id, photo_page, tag_or_comment_id
from flickr_sandbox.answers.find import VISIBLE, may
from flickr_sandbox.answers.listing import NEWEST, Query, page
from flickr_sandbox.answers.listing import photos as listing
from flickr_sandbox.answers.photos.change import change
from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

HOUR = 3600
_COMMENTS = """
SELECT c.*, a.username, a.realname, a.path_alias, a.iconserver, a.iconfarm, a.is_deleted
FROM comments c JOIN people a ON a.nsid = c.author
WHERE c.photo = :photo AND c.created BETWEEN :since AND :until ORDER BY c.created, c.id
"""


@answers("photos.comments.getList")
def get_list(call: Call) -> Answer:
    """The comments below a photo, oldest first; the list is not there where there are none."""
    photo = find.photo(call)
    rows = call.store.all(
        _COMMENTS,
        photo=photo["id"],
        since=dates.unix(call.text("min_comment_date")) or 0,
        until=dates.unix(call.text("max_comment_date")) or 2**53,
    )
    page_of = photo_page(call, photo["owner"], photo["id"])
    told = [
        comments.told(row, tag_or_comment_id(photo["owner"], photo["id"], row["id"]), page_of)
        for row in rows
    ]
    listed = {"comment": told} if told else {}
    return {"comments": {"photo_id": str(photo["id"]), **listed}}


@answers("photos.comments.addComment")
def add_comment(call: Call) -> Answer:
    """Comment on a photo."""
    photo = find.photo(call)
    if not may(call, photo, "permcomment"):
        raise Failure(99, "Insufficient permission to comment")
    number = comments.add(call, "photo", photo["id"])
    change(call, photo["id"])
    return {"comment": {"id": tag_or_comment_id(photo["owner"], photo["id"], number)}}


@answers("photos.comments.editComment")
def edit_comment(call: Call) -> Answer:
    """Give a comment of one's own another text."""
    comment = _found(call)
    comments.rewrite(call, comment)
    change(call, comment["photo"])
    return {}


@answers("photos.comments.deleteComment")
def delete_comment(call: Call) -> Answer:
    """Delete a comment of one's own, or one below a photo of one's own."""
    comment = _found(call)
    comments.remove(call, comment)
    change(call, comment["photo"])
    return {}


def _found(call: Call) -> Row:
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
    """Photos of contacts that somebody commented on within the last hour."""
    now = call.store.now()
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
