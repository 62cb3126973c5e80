"""`flickr.galleries.*` that read galleries and their photos."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flickr_sandbox.answers import find
from flickr_sandbox.answers.albums import HAS_PHOTO, Holders, primary_photo_extras
from flickr_sandbox.answers.extras import COLUMNS, photo_item
from flickr_sandbox.answers.find import person_or_caller
from flickr_sandbox.answers.galleries import gallery as galleries
from flickr_sandbox.answers.listing import Page, page
from flickr_sandbox.answers.person_fields import real_name
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

FIRST, LAST = "0", "-1"
_BAD_KEY = "Continuation key is invalid or expired"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a listing: a page, or, if `continued`, the items from the index `start` on.

    A continuation key is the index of the next part's first item.
    """

    page: Page
    start: int
    continued: bool

    @property
    def end(self) -> int:
        return self.start + self.page.size

    def next(self, total: int) -> str:
        """Return the continuation key of the next part, or `LAST` at the end."""
        return str(self.end) if self.end < total else LAST


def parse_part(call: Call, total: int) -> Part:
    """Return the part of `total` items that a call requests, by page or by continuation key."""
    wanted = page(call).clamp(total)
    key = call.text("continuation")
    if not key:
        return Part(wanted, wanted.start, False)
    if find.parse_id(key) == find.NO_ID:
        raise call.fail(2, _BAD_KEY)
    return Part(wanted, find.parse_id(key), True)


@answers("galleries.getInfo")
def get_info(call: Call) -> Answer:
    """Return a gallery, with its cover."""
    return {"gallery": galleries.whole_gallery(call, galleries.find_gallery(call))}


@answers("galleries.getList")
def get_list(call: Call) -> Answer:
    """Return a person's galleries, newest first."""
    owner = person_or_caller(call)
    rows = call.store.all(
        "SELECT * FROM galleries WHERE owner = :owner ORDER BY created DESC, id DESC",
        owner=owner["nsid"],
    )
    wanted = parse_part(call, len(rows))
    ordered = _holders(call).group_rows(rows) if wanted.continued else [(row, None) for row in rows]
    head: Answer = {
        "total": len(rows),
        "page": wanted.page.number,
        "pages": -(-len(rows) // wanted.page.size),
        "per_page": wanted.page.size,
        "user_id": owner["nsid"],
    }
    if wanted.continued:
        head["continuation"] = wanted.next(len(rows))
    selected = ordered[wanted.start : wanted.end]
    return {
        "galleries": {**head, "gallery": [_list_item(call, row, group) for row, group in selected]}
    }


@answers("galleries.getListForPhoto")
def get_list_for_photo(call: Call) -> Answer:
    """Return the galleries that contain a photo, newest first."""
    photo = find.photo(call)
    rows = call.store.all(
        "SELECT g.* FROM galleries g JOIN gallery_photos p ON p.gallery = g.id"
        " WHERE p.photo = :photo ORDER BY g.created DESC, g.id DESC",
        photo=photo["id"],
    )
    wanted = page(call).clamp(len(rows))
    return {
        "galleries": {
            "total": str(len(rows)),
            "page": wanted.number,
            "pages": -(-len(rows) // wanted.size),
            "per_page": wanted.size,
            "photo_id": str(photo["id"]),
            "gallery": [
                galleries.gallery_answer(call, row)
                for row in rows[wanted.start : wanted.start + wanted.size]
            ],
        }
    }


@answers("galleries.getPhotos")
def get_photos(call: Call) -> Answer:
    """Return the photos of a gallery, in its order, with its owner's comments."""
    row = galleries.find_gallery(call)
    query = replace(galleries.select_photos(call, row), columns=f"{COLUMNS}, g.comment")
    total = query.count()
    wanted = parse_part(call, total)
    primary = galleries.find_primary_photo(call, row)
    # A gallery is small, and a continuation key may be in the middle of a page.
    rows = query.rows(Page(1, wanted.end))[wanted.start :]
    items = [_item(call, photo, primary) for photo in rows]
    if wanted.continued:
        head: Answer = {"per_page": wanted.page.size, "continuation": wanted.next(total)}
    else:
        head = {
            "page": wanted.page.number,
            "pages": -(-total // wanted.page.size),
            "perpage": wanted.page.size,
            "total": total,
        }
    answer: Answer = {"photos": {**head, "photo": items}}
    if call.flag("get_gallery_info"):
        answer["gallery"] = galleries.gallery_answer(call, row)
    if call.flag("get_user_info"):
        answer["user"] = _user(call, row["owner"])
    return answer


def _holders(call: Call) -> Holders:
    return Holders(call, "gallery_photos", "gallery")


def _list_item(call: Call, row: Row, group: str | None) -> Answer:
    # Flickr does not count here.
    answer = galleries.gallery_answer(call, row, group) | {"count_total": 0}
    primary = galleries.find_primary_photo(call, row)
    if call.text("primary_photo_extras") and primary is not None:
        answer["primary_photo_extras"] = primary_photo_extras(call, primary)
    if call.flag("cover_photos"):
        answer["cover_photos"] = galleries.gallery_cover(call, row, "primary_photo_cover_size")
    if HAS_PHOTO in call.items("sort_groups"):
        answer["has_requested_photos"] = _holders(call).find_requested_photos(row)
    return answer


def _item(call: Call, row: Row, primary: Row | None) -> Answer:
    item = photo_item(call, row)
    item["is_primary"] = int(primary is not None and primary["id"] == row["id"])
    item["has_comment"] = int(bool(row["comment"]))
    return item | ({"comment": {"_content": row["comment"]}} if row["comment"] else {})


def _user(call: Call, nsid: str) -> Answer:
    row = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=nsid)
    assert row is not None
    names = ("nsid", "username", "path_alias", "iconserver", "iconfarm")
    return {name: row[name] for name in names} | {"realname": real_name(call, row)}
