"""`flickr.tags.*` that list the tags of a photo or a person."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.answers import find
from flickr_sandbox.answers.addresses import tag_or_comment_id
from flickr_sandbox.answers.find import VISIBLE, person_or_caller
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row
from flickr_sandbox.store.library.photos import normalise

POPULAR, MOST_FREQUENT, MOST = 10, 20, 2**31
_OF_PERSON = (
    f"FROM photos p JOIN photo_tags t ON t.photo = p.id WHERE p.owner = :owner AND {VISIBLE}"
)


@answers("tags.getListPhoto")
def get_list_photo(call: Call) -> Answer:
    """Return the tags of a photo, in their order."""
    photo = find.photo(call)
    rows = call.store.all(
        "SELECT t.*, a.nsid, a.username FROM photo_tags t"
        " JOIN people a ON a.nsid = coalesce(t.author, :owner)"
        " WHERE t.photo = :id ORDER BY t.number",
        id=photo["id"],
        owner=photo["owner"],
    )
    tags = [
        {
            "id": tag_or_comment_id(photo["owner"], photo["id"], row["number"]),
            "author": row["nsid"],
            "authorname": row["username"],
            "raw": row["raw"],
            "_content": row["tag"],
            "machine_tag": row["machine_tag"],
        }
        for row in rows
    ]
    return {"photo": {"id": str(photo["id"]), "tags": {"tag": tags}}}


@answers("tags.getListUser")
def get_list_user(call: Call) -> Answer:
    """Return all tags of a person, in alphabetical order."""
    owner = person_or_caller(call)["nsid"]
    rows = _query(call, f"SELECT DISTINCT t.tag {_OF_PERSON} ORDER BY t.tag", owner)
    return _who_answer(owner, [{"_content": row["tag"]} for row in rows])


@answers("tags.getListUserPopular")
def get_list_user_popular(call: Call) -> Answer:
    """Return a person's most used tags, in alphabetical order."""
    owner = person_or_caller(call)["nsid"]
    count = call.number("count", POPULAR, 1, MOST)
    return _who_answer(
        owner, sorted(_most_used(call, owner, count), key=lambda tag: tag["_content"])
    )


@answers("tags.getListUserRaw")
def get_list_user_raw(call: Call) -> Answer:
    """Return the raw forms of the caller's tags, or of one tag."""
    if call.caller.nsid is None:
        raise call.unknown("user_id")
    wanted = "AND t.tag = :tag" if call.text("tag") else ""
    rows = call.store.cached_rows(
        f"SELECT DISTINCT t.tag, t.raw {_OF_PERSON} {wanted} ORDER BY t.tag, t.raw",
        owner=call.me,
        caller=call.me,
        tag=normalise(call.text("tag")),
    )
    raw_forms: dict[str, list[Answer]] = {}
    for row in rows:
        raw_forms.setdefault(row["tag"], []).append({"_content": row["raw"]})
    return _who_answer(call.me, [{"clean": tag, "raw": raw} for tag, raw in raw_forms.items()])


@answers("tags.getMostFrequentlyUsed")
def get_most_frequently_used(call: Call) -> Answer:
    """Return the caller's most used tags, most used first."""
    return _who_answer(call.me, _most_used(call, call.me, MOST_FREQUENT))


def _most_used(call: Call, owner: str, count: int) -> list[Answer]:
    rows = _query(
        call,
        f"SELECT t.tag, count(*) AS uses {_OF_PERSON} GROUP BY t.tag"
        " ORDER BY uses DESC, t.tag LIMIT :count",
        owner,
        count=count,
    )
    return [{"count": str(row["uses"]), "_content": row["tag"]} for row in rows]


def _query(call: Call, sql: str, owner: str, **values: Any) -> list[Row]:
    return call.store.cached_rows(sql, owner=owner, caller=call.caller.nsid, **values)


def _who_answer(nsid: str, tags: list[Answer]) -> Answer:
    return {"who": {"id": nsid, "tags": {"tag": tags}}}
