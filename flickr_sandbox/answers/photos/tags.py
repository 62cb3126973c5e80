"""Tags of a photo: `flickr.photos.addTags`, `setTags` and `removeTag`."""

from __future__ import annotations

import re

from flickr_sandbox.answers import find
from flickr_sandbox.answers.addresses import parse_tag_or_comment_id
from flickr_sandbox.answers.find import has_permission
from flickr_sandbox.answers.photos.edits import update_photo
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Store
from flickr_sandbox.store.library.photos import is_machine_tag, normalise

MOST_TAGS = 75
# Tags are parted by spaces; one with a space in it stands between quotes, as the value of a machine
# tag may.
_TAG = re.compile(r'"([^"]*)"|((?:[^\s"]|(?<==)"[^"]*")+)')


def split_tags(text: str) -> list[str]:
    """The tags in a text as people write them, in order and as written, each once."""
    found = (match[1] if match[1] is not None else match[2] for match in _TAG.finditer(text))
    once: dict[str, str] = {}
    for raw in found:
        raw = raw.replace('"', "").strip()
        once.setdefault(normalise(raw), raw)
    once.pop("", None)
    return list(once.values())


def insert_tags(store: Store, photo: int, author: str | None, raws: list[str]) -> bool:
    """Tag a photo; what it has already is passed over. False, and nothing done, where it would get
    more than 75 tags. `author` is None for the photo's owner."""
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
    """The tags of a photo as its column `tags` holds them."""
    rows = store.all("SELECT tag FROM photo_tags WHERE photo = :photo ORDER BY number", photo=photo)
    return " ".join(row["tag"] for row in rows)


@answers("photos.addTags")
def add_tags(call: Call) -> Answer:
    """Add to the tags of a photo that the caller may tag."""
    photo = find.photo(call)
    if not has_permission(call, photo, "permaddmeta"):
        raise call.unknown("photo_id")
    author = None if photo["owner"] == call.me else call.me
    if not insert_tags(call.store, photo["id"], author, split_tags(call.text("tags"))):
        raise call.fail(2)
    update_photo(call, photo["id"], tags=join_tags(call.store, photo["id"]))
    return {}


@answers("photos.setTags")
def set_tags(call: Call) -> Answer:
    """Put other tags in place of those that a photo has; none at all with an empty text."""
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
    """Take a tag off a photo, for the photo's owner and for whoever added it."""
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
