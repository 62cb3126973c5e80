"""`flickr.photosets.*` that read sets and their photos."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.albums import Holders, primary_photo_extras
from flickr_sandbox.answers.extras import COLUMNS, photo_item
from flickr_sandbox.answers.find import person_or_caller
from flickr_sandbox.answers.listing import Page, Position, Query, context, page
from flickr_sandbox.answers.photos import filters
from flickr_sandbox.answers.photosets import sets
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

SORTING = "manual-add-to-end"


@answers("photosets.getInfo")
def get_info(call: Call) -> Answer:
    """Return a set without its photos."""
    photoset, owner = _set_of(call)
    counts = sets.count_photos(call, photoset)
    return {
        "photoset": {
            "id": str(photoset["id"]),
            "owner": photoset["owner"],
            "username": owner["username"],
            **sets.head(sets.find_photoset_cover(call, photoset)),
            "count_views": str(photoset["views"]),
            "count_comments": sets.comment_count(call, photoset),
            "count_photos": counts.photos,
            "count_videos": counts.videos,
            "title": {"_content": photoset["title"]},
            "description": {"_content": photoset["description"]},
            **sets.tail(call, photoset),
            "photos": counts.both,
            "visibility_can_see_set": 1,
            "needs_interstitial": 0,
        }
    }


@answers("photosets.getList")
def get_list(call: Call) -> Answer:
    """Return a person's sets, in the person's order; without `page` and `per_page`, all of them."""
    owner = person_or_caller(call)
    rows = call.store.all(
        "SELECT * FROM photosets WHERE owner = :owner ORDER BY position, id", owner=owner["nsid"]
    )
    rows = [row for row in rows if sets.may_see(call, row)]
    ordered = _holders(call).group_rows(rows)
    everything = Page(1, max(1, len(rows)))
    by_page = call.text("page") or call.text("per_page")
    wanted = page(call, 500).clamp(len(rows)) if by_page else everything
    selected = ordered[wanted.start : wanted.start + wanted.size]
    return {
        "photosets": {
            "cancreate": int(owner["nsid"] == call.caller.nsid),
            "page": wanted.number,
            "pages": -(-len(rows) // wanted.size),
            "perpage": wanted.size,
            "total": len(rows),
            "photoset": [_list_item(call, owner, row, group) for row, group in selected],
        }
    }


@answers("photosets.getPhotos")
def get_photos(call: Call) -> Answer:
    """Return the photos of a set, in its order."""
    photoset, owner = _set_of(call)
    query = _photos(call, photoset)
    filters.filter_by_media(query)
    if photoset["owner"] == call.caller.nsid:
        filters.filter_by_privacy(query)
    total = query.count()
    wanted = page(call, 500).clamp(total)
    cover = sets.find_photoset_cover(call, photoset)
    primary = cover["id"] if cover else None
    pages = -(-total // wanted.size)
    return {
        "photoset": {
            "id": str(photoset["id"]),
            "primary": str(primary or 0),
            "owner": photoset["owner"],
            "ownername": owner["username"],
            "photo": [_item(call, row, primary) for row in query.rows(wanted)],
            "page": wanted.number,
            "per_page": wanted.size,
            "perpage": wanted.size,
            "pages": pages,
            "title": photoset["title"],
            "sorting_option_id": SORTING,
            # A number if one page has all photos.
            "total": total if pages <= 1 else str(total),
        }
    }


@answers("photosets.getContext")
def get_context(call: Call) -> Answer:
    """Return the photos before and after a photo in a set."""
    photo = find.photo(call)
    number = find.parse_id(call.text("photoset_id"))
    position = call.store.value(
        "SELECT position FROM photoset_photos WHERE photoset = :id AND photo = :photo",
        id=number,
        photo=photo["id"],
    )
    if position is None:
        raise call.fail(2)
    place = Position(
        f"in/set-{number}", sets.IN_SET, "s.photoset = :id", {"id": number}, "s.position", position
    )
    return context(call, photo, place)


def _set_of(call: Call) -> tuple[Row, Row]:
    """Return the requested set and its owner, who must be the person of `user_id` if that is given."""
    named = find.person(call) if call.text("user_id") else None
    photoset = sets.find_photoset(call)
    if named is not None and named["nsid"] != photoset["owner"]:
        raise call.unknown("photoset_id")
    owner = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=photoset["owner"])
    assert owner is not None
    return photoset, owner


def _photos(call: Call, photoset: Row) -> Query:
    query = Query(call, tables=sets.IN_SET, columns=COLUMNS, order="s.position")
    return query.where("s.photoset = :id", id=photoset["id"])


def _item(call: Call, row: Row, primary: int | None) -> Answer:
    item = photo_item(call, row)
    del item["owner"]
    if "datetakengranularity" in item:
        item["datetakengranularity"] = row["takengranularity"]
    names = ("id", "secret", "server", "farm", "title")
    return {
        **{name: item[name] for name in names},
        "isprimary": str(int(row["id"] == primary)),
        **item,
    }


def _list_item(call: Call, owner: Row, photoset: Row, group: str | None) -> Answer:
    counts, cover = sets.count_photos(call, photoset), sets.find_photoset_cover(call, photoset)
    answer = {
        "id": str(photoset["id"]),
        "owner": owner["nsid"],
        "username": owner["username"],
        **sets.head(cover),
        "count_photos": counts.photos,
        "count_videos": counts.videos,
        "photos": counts.photos,
        "videos": counts.videos,
        "title": {"_content": photoset["title"]},
        "description": {"_content": photoset["description"]},
        "needs_interstitial": 0,
        "visibility_can_see_set": 1,
        "count_views": str(photoset["views"]),
        "count_comments": sets.comment_count(call, photoset),
        **sets.tail(call, photoset),
        "sorting_option_id": SORTING,
    }
    if call.text("primary_photo_extras") and cover is not None:
        answer["primary_photo_extras"] = primary_photo_extras(call, cover)
    if call.text("photo_ids"):
        answer["has_requested_photos"] = _holders(call).find_requested_photos(photoset)
    if call.text("sort_groups"):
        answer["sort_group"] = group
    return answer


def _holders(call: Call) -> Holders:
    return Holders(call, "photoset_photos", "photoset")
