"""Find galleries, select their photos, and make their answers."""

from __future__ import annotations

import hashlib

from flickr_sandbox.answers import addresses, find
from flickr_sandbox.answers.extras import COLUMNS, OWNER
from flickr_sandbox.answers.listing import Page, Query
from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.sizes import KINDS, path, sizes
from flickr_sandbox.store import Row

LARGEST = 500
IN_GALLERY = f"gallery_photos g CROSS JOIN photos p ON p.id = g.photo {OWNER}"
# The numbers of cover photos without a primary photo, and in addition to one.
COVER_ALONE, COVER_BESIDE = 6, 2
_MOST_ON_COVER = 50
_INVALID = "Invalid gallery ID"
_BY_NUMBER = "SELECT * FROM galleries WHERE substr(id, instr(id, '-') + 1) = :number"


def find_gallery(call: Call) -> Row:
    """Return the gallery of `gallery_id`, a full id or the number at its end."""
    row = find_gallery_by_id(call, call.text("gallery_id"))
    if row is None:
        raise _invalid(call)
    return row


def find_gallery_by_id(call: Call, given: str) -> Row | None:
    """Return the gallery with a full id, or with the number at its end."""
    number = str(find.parse_last_id(given))
    row = call.store.one(_BY_NUMBER, number=number)
    return row if row is not None and given in (row["id"], number) else None


def find_own_gallery(call: Call) -> Row:
    """Return the gallery of `gallery_id`, if it is the caller's own."""
    row = find_gallery(call)
    if row["owner"] != call.me:
        raise _invalid(call)
    return row


def _invalid(call: Call) -> Failure:
    # Flickr also answers it for methods that do not declare it, as recorded for getPhotos.
    codes = (error.code for error in call.method.errors if error.message == _INVALID)
    return call.fail(next(codes, 1), _INVALID)


def select_photos(call: Call, gallery: Row) -> Query:
    """Select the photos of a gallery that the caller may see."""
    query = Query(call, tables=IN_GALLERY, columns=COLUMNS, order="g.position")
    return query.where("g.gallery = :id", id=gallery["id"])


def gallery_answer(call: Call, gallery: Row, sort_group: str | None = None) -> Answer:
    """Return the answer for a gallery."""
    owner = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=gallery["owner"])
    assert owner is not None
    of_all = select_photos(call, gallery).count()
    videos = select_photos(call, gallery).where("p.media = 'video'").count()
    first = find_primary_photo(call, gallery)
    number = find.parse_last_id(gallery["id"])
    return {
        "id": gallery["id"],
        "gallery_id": str(number),
        "url": addresses.gallery_page(call.base, owner, number),
        "owner": gallery["owner"],
        "username": owner["username"],
        "iconserver": owner["iconserver"],
        "iconfarm": owner["iconfarm"],
        "primary_photo_id": str(first["id"]) if first else "0",
        "date_create": str(gallery["created"]),
        "date_update": str(gallery["updated"]),
        "count_photos": of_all - videos,
        "count_videos": videos,
        "count_total": of_all,
        "count_views": gallery["views"],
        "count_comments": 0,
        "title": {"_content": gallery["title"]},
        "description": {"_content": gallery["description"]},
        "sort_group": sort_group,
        "primary_photo_server": first["server"] if first else "0",
        "primary_photo_farm": first["farm"] if first else 0,
        "primary_photo_secret": first["secret"] if first else "0",
    }


def whole_gallery(call: Call, gallery: Row) -> Answer:
    """Return the answer for one gallery, with the hash of its state and its cover."""
    state = f"{gallery['id']} {gallery['updated']} {gallery['title']}"
    return gallery_answer(call, gallery) | {
        "current_state": hashlib.md5(state.encode(), usedforsecurity=False).hexdigest(),
        "cover_photos": gallery_cover(call, gallery, "primary_photo_size"),
    }


def gallery_cover(call: Call, gallery: Row, size_of_primary: str) -> Answer:
    """Return the photos of a gallery's cover, in the sizes and numbers that the call requests."""
    first = find_primary_photo(call, gallery)
    limit = call.number("limit", COVER_ALONE, 0, _MOST_ON_COVER)
    short = call.number("short_limit", COVER_BESIDE, 0, _MOST_ON_COVER)
    query = select_photos(call, gallery).where("p.id <> :first", first=first["id"] if first else 0)
    others = query.rows(Page(1, short if first else limit))
    photos = [_cover_photo(call, first, call.text(size_of_primary, "q"), 1)] if first else []
    size = call.text("cover_photos_size", "q")
    return {"photo": photos + [_cover_photo(call, row, size, 0) for row in others]}


def touch_gallery(call: Call, gallery: Row) -> None:
    """Update a gallery's time of change."""
    call.store.run(
        "UPDATE galleries SET updated = :now WHERE id = :id",
        now=call.store.current_time(),
        id=gallery["id"],
    )


def find_primary_photo(call: Call, gallery: Row) -> Row | None:
    """Return the primary photo, a row of `extras.COLUMNS`, or None if the caller may see none."""
    query = select_photos(call, gallery).where("p.id = :primary", primary=gallery["primary_photo"])
    return next(iter(query.rows(Page(1, 1))), None)


def _cover_photo(call: Call, row: Row, suffix: str, is_primary: int) -> Answer:
    available = sizes(row)
    names = {kind.suffix: kind for kind in KINDS}
    size = next((s for s in available if s.kind == names.get(suffix)), available[1])
    return {
        "url": call.file_base + path(row, size.kind),
        "width": size.width,
        "height": size.height,
        "is_primary": is_primary,
        "is_video": int(row["media"] == "video"),
    }
