"""Galleries: how one is found, what is in it, how it is told."""

from __future__ import annotations

from flickr_sandbox.answers import addresses, find
from flickr_sandbox.answers.extras import COLUMNS, OWNER
from flickr_sandbox.answers.listing import Page, Query
from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.sizes import KINDS, path, sizes
from flickr_sandbox.store import Row

LARGEST = 500
IN_GALLERY = f"gallery_photos g CROSS JOIN photos p ON p.id = g.photo {OWNER}"
# With a primary photo it and two more make the cover, without one six.
COVER_ALONE, COVER_BESIDE = 6, 2
_MOST_ON_COVER = 50
_INVALID = "Invalid gallery ID"
_BY_NUMBER = "SELECT * FROM galleries WHERE substr(id, instr(id, '-') + 1) = :number"


def find_gallery(call: Call) -> Row:
    """The gallery that `gallery_id` names, whole or by its end."""
    row = find_gallery_by_id(call, call.text("gallery_id"))
    if row is None:
        raise _invalid(call)
    return row


def find_gallery_by_id(call: Call, given: str) -> Row | None:
    """The gallery with an id, be it whole or its end alone."""
    number = str(find.parse_last_id(given))
    row = call.store.one(_BY_NUMBER, number=number)
    return row if row is not None and given in (row["id"], number) else None


def find_own_gallery(call: Call) -> Row:
    """The gallery that `gallery_id` names, where it is the caller's own."""
    row = find_gallery(call)
    if row["owner"] != call.me:
        raise _invalid(call)
    return row


def _invalid(call: Call) -> Failure:
    # Methods that declare no code for it answer it all the same, as recorded of getPhotos.
    codes = (error.code for error in call.method.errors if error.message == _INVALID)
    return call.fail(next(codes, 1), _INVALID)


def select_photos(call: Call, gallery: Row) -> Query:
    """What is in a gallery, as far as the caller may see it."""
    query = Query(call, tables=IN_GALLERY, columns=COLUMNS, order="g.position")
    return query.where("g.gallery = :id", id=gallery["id"])


def gallery_answer(call: Call, gallery: Row, sort_group: str | None = None) -> Answer:
    """All about a gallery."""
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


def gallery_cover(call: Call, gallery: Row, size_of_primary: str) -> Answer:
    """The photos that make a gallery's cover, in the sizes and numbers that the call asks for."""
    first = find_primary_photo(call, gallery)
    limit = call.number("limit", COVER_ALONE, 0, _MOST_ON_COVER)
    short = call.number("short_limit", COVER_BESIDE, 0, _MOST_ON_COVER)
    query = select_photos(call, gallery).where("p.id <> :first", first=first["id"] if first else 0)
    others = query.rows(Page(1, short if first else limit))
    photos = [_cover_photo(call, first, call.text(size_of_primary, "q"), 1)] if first else []
    size = call.text("cover_photos_size", "q")
    return {"photo": photos + [_cover_photo(call, row, size, 0) for row in others]}


def touch_gallery(call: Call, gallery: Row) -> None:
    """Note that a gallery was changed."""
    call.store.run(
        "UPDATE galleries SET updated = :now WHERE id = :id",
        now=call.store.current_time(),
        id=gallery["id"],
    )


def find_primary_photo(call: Call, gallery: Row) -> Row | None:
    """The primary photo, a row of `extras.COLUMNS`; None where there is none that may be seen."""
    query = select_photos(call, gallery).where("p.id = :primary", primary=gallery["primary_photo"])
    return next(iter(query.rows(Page(1, 1))), None)


def _cover_photo(call: Call, row: Row, suffix: str, is_primary: int) -> Answer:
    there = sizes(row)
    names = {kind.suffix: kind for kind in KINDS}
    size = next((s for s in there if s.kind == names.get(suffix)), there[1])
    return {
        "url": call.base + path(row, size.kind),
        "width": size.width,
        "height": size.height,
        "is_primary": is_primary,
        "is_video": int(row["media"] == "video"),
    }
