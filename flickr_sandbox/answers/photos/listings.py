"""`flickr.photos.*` that list photos by one property, and `getCounts`."""

from __future__ import annotations

from itertools import pairwise

from flickr_sandbox.answers import dates, find
from flickr_sandbox.answers.listing import NEWEST, Page, Query, page, page_answer, photos_answer
from flickr_sandbox.answers.photos import filters
from flickr_sandbox.answers.photos.search import SORTS
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

MOST_RECENT = 1000
_COUNT = "(SELECT count(*) FROM {} x WHERE x.photo = p.id) DESC, p.id DESC"
POPULAR = {
    "faves": _COUNT.format("favorites"),
    "views": "p.views DESC, p.id DESC",
    "comments": _COUNT.format("comments"),
    "interesting": "p.views DESC, p.id DESC",
}


@answers("photos.getRecent")
def get_recent(call: Call) -> Answer:
    """Return the newest 1,000 public photos."""
    query = Query(call).where(
        "p.ispublic AND NOT p.hidden AND p.safety_level = 0 AND p.posted >= coalesce((SELECT posted"
        " FROM photos WHERE ispublic AND NOT hidden AND safety_level = 0"
        " ORDER BY posted DESC, id DESC LIMIT 1 OFFSET :last), 0)",
        last=MOST_RECENT - 1,
    )
    return _first(query, page(call), MOST_RECENT)


def _first(query: Query, wanted: Page, most: int) -> Answer:
    """Return a page of the first `most` photos of a query, with `total` as a number."""
    total = min(query.count(), most)
    wanted = wanted.clamp(total)
    size = max(0, min(wanted.size, most - wanted.start))
    return page_answer(wanted, total, query.photos(wanted)[:size], int)


@answers("photos.recentlyUpdated")
def recently_updated(call: Call) -> Answer:
    """Return the caller's photos that were added or changed since a time, last changed first."""
    since = dates.unix(call.text("min_date"))
    if since is None:
        raise call.unknown("min_date")
    query = Query(call, order="p.lastupdate DESC, p.id DESC")
    query.where("p.owner = :caller AND p.lastupdate >= :since", since=since)
    return photos_answer(query, page(call))


@answers("photos.getUntagged")
def get_untagged(call: Call) -> Answer:
    """Return the caller's photos without tags."""
    return _own(call, "NOT EXISTS (SELECT 1 FROM photo_tags x WHERE x.photo = p.id)")


@answers("photos.getNotInSet")
def get_not_in_set(call: Call) -> Answer:
    """Return the caller's photos outside photosets."""
    return _own(call, "NOT EXISTS (SELECT 1 FROM photoset_photos x WHERE x.photo = p.id)")


@answers("photos.getWithGeoData")
def get_with_geo_data(call: Call) -> Answer:
    """Return the caller's photos with a location."""
    return _own(call, "p.latitude IS NOT NULL")


@answers("photos.getWithoutGeoData")
def get_without_geo_data(call: Call) -> Answer:
    """Return the caller's photos without a location."""
    return _own(call, "p.latitude IS NULL")


def _own(call: Call, condition: str) -> Answer:
    query = Query(call, order=SORTS.get(call.text("sort"), NEWEST))
    query.where("p.owner = :caller").where(condition)
    return photos_answer(filters.filter_common(query), page(call))


@answers("photos.getPopular")
def get_popular(call: Call) -> Answer:
    """Return a person's photos, sorted by views, favorites or comments."""
    if not call.text("user_id") and call.caller.nsid is None:
        raise call.unknown("user_id")
    query = Query(call, order=POPULAR.get(call.text("sort"), POPULAR["interesting"]))
    query.where("p.owner = :owner", owner=find.person(call, default="me")["nsid"])
    return photos_answer(query, page(call))


@answers("photos.getCounts")
def get_counts(call: Call) -> Answer:
    """Count the caller's photos between each pair of consecutive dates."""
    uploaded = sorted(found for found in map(dates.unix, call.items("dates")) if found is not None)
    taken = sorted(found for found in map(dates.mysql, call.items("taken_dates")) if found)
    if not uploaded and not taken:
        raise call.unknown("dates")
    counts = [_count(call, "posted", *span) for span in pairwise(uploaded)]
    counts += [_count(call, "taken", *span) for span in pairwise(taken)]
    return {"photocounts": {"photocount": counts}}


def _count(call: Call, column: str, first: int | str, last: int | str) -> Answer:
    found = call.store.value(
        f"SELECT count(*) FROM photos WHERE owner = :me AND {column} >= :first"
        f" AND {column} < :last",
        me=call.me,
        first=first,
        last=last,
    )
    return {"count": str(found), "fromdate": str(first), "todate": str(last)}
