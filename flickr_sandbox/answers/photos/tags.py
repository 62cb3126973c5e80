"""`flickr.photos.addTags`, `setTags` and `removeTag`: the tags of a photo."""

from __future__ import annotations

import re

from flickr_sandbox.answers import find
from flickr_sandbox.answers.addresses import parse_tag_or_comment_id, tag_or_comment_id
from flickr_sandbox.answers.find import has_permission
from flickr_sandbox.answers.photos.edits import update_photo
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row, Store
from flickr_sandbox.store.library.photos import is_machine_tag, normalise

MOST_TAGS = 75
# Tags are separated by spaces; a tag with a space is in quotes, and so may a machine tag's value be.
_TAG = re.compile(r'"([^"]*)"|((?:[^\s"]|(?<==)"[^"]*")+)')


def split_tags(text: str) -> list[str]:
    """Split a text into raw tags, in order and without duplicates."""
    found = (match[1] if match[1] is not None else match[2] for match in _TAG.finditer(text))
    by_tag: dict[str, str] = {}
    for raw in found:
        raw = raw.replace('"', "").strip()
        by_tag.setdefault(normalise(raw), raw)
    by_tag.pop("", None)
    return list(by_tag.values())


def insert_tags(store: Store, photo: int, author: str | None, raws: list[str]) -> bool:
    """Add tags to a photo, and skip those that it already has. `author` is None for the photo's owner.

    Return False, and add nothing, if it would have more than 75 tags.
    """
    had = store.all("SELECT number, tag FROM photo_tags WHERE photo = :photo", photo=photo)
    tags = {row["tag"] for row in had}
    new = [raw for raw in raws if normalise(raw) not in tags]
    if len(had) + len(new) > MOST_TAGS:
        return False
    last = max((row["number"] for row in had), default=0)
    for number, raw in enumerate(new, last + 1):
        store.insert(
            "photo_tags",
            photo=photo,
            number=number,
            author=author,
            raw=raw,
            tag=normalise(raw),
            machine_tag=int(is_machine_tag(raw)),
        )
    return True


def join_tags(store: Store, photo: int) -> str:
    """Return the value of a photo's column `tags`."""
    rows = store.all("SELECT tag FROM photo_tags WHERE photo = :photo ORDER BY number", photo=photo)
    return " ".join(row["tag"] for row in rows)


@answers("photos.addTags")
def add_tags(call: Call) -> Answer:
    """Add tags to a photo; return the new ones."""
    photo = find.photo(call)
    last = _last_number(call.store, photo["id"])
    if not has_permission(call, photo, "permaddmeta"):
        raise call.unknown("photo_id")
    author = None if photo["owner"] == call.me else call.me
    if not insert_tags(call.store, photo["id"], author, split_tags(call.text("tags"))):
        raise call.fail(2)
    update_photo(call, photo["id"], tags=join_tags(call.store, photo["id"]))
    return {"tags": {"tag": _new_tags(call, photo, last)}}


def _last_number(store: Store, photo: int) -> int:
    sql = "SELECT coalesce(max(number), 0) FROM photo_tags WHERE photo = :photo"
    return int(store.value(sql, photo=photo))


def _new_tags(call: Call, photo: Row, last: int) -> list[Answer]:
    """Return the tags with numbers after `last`, which the caller has added."""
    author = find.caller(call)
    rows = call.store.all(
        "SELECT * FROM photo_tags WHERE photo = :photo AND number > :last ORDER BY number",
        photo=photo["id"],
        last=last,
    )
    return [
        {
            "author": author["nsid"],
            "authorname": author["username"],
            "raw": row["raw"],
            "machine_tag": bool(row["machine_tag"]),
            "full_tag_id": tag_or_comment_id(photo["owner"], photo["id"], row["number"]),
            "id": str(row["number"]),
            "_content": row["tag"],
        }
        for row in rows
    ]


@answers("photos.setTags")
def set_tags(call: Call) -> Answer:
    """Replace all tags of a photo; an empty text removes them."""
    photo = find.own_photo(call)
    raws = split_tags(call.text("tags"))
    if len(raws) > MOST_TAGS:
        raise call.fail(2)
    call.store.run("DELETE FROM photo_tags WHERE photo = :photo", photo=photo["id"])
    insert_tags(call.store, photo["id"], None, raws)
    update_photo(call, photo["id"], tags=join_tags(call.store, photo["id"]))
    return {}


@answers("photos.removeTag")
def remove_tag(call: Call) -> Answer:
    """Remove a tag from a photo, as the photo's owner or as the tag's author."""
    photo, number = parse_tag_or_comment_id(call.text("tag_id"))
    removed = call.store.run(
        "DELETE FROM photo_tags WHERE photo = :photo AND number = :number AND (author = :me"
        " OR (SELECT owner FROM photos WHERE id = :photo) = :me)",
        photo=photo,
        number=number,
        me=call.me,
    )
    if not removed:
        raise call.unknown("tag_id")
    update_photo(call, photo, tags=join_tags(call.store, photo))
    return {}
