"""`flickr.stats.*` that count views, comments and favorites."""

from __future__ import annotations

from collections.abc import Callable

from flickr_sandbox.answers.dates import DAY
from flickr_sandbox.answers.listing import Page, Query, page, page_answer
from flickr_sandbox.answers.stats import visits
from flickr_sandbox.answers.stats.visits import KINDS, PHOTO_VIEWS, SubjectKind
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

PER_PAGE, MAX_PER_PAGE = 25, 100
SORTS = ("views", "comments", "favorites")
COMMENTS = "(SELECT count(*) FROM comments m WHERE m.photo = p.id AND {})"
FAVORITES = "(SELECT count(*) FROM favorites f WHERE f.photo = p.id AND {})"


def _counts(number: int | None, days: int = 1) -> dict[str, str]:
    """Return SQL that counts the views, comments and favorites of a photo `p`.

    They are those of `days` days, the last of which is day `number`, or of all time if it is None.
    """
    if number is None:
        return {
            "views": "p.views",
            "comments": COMMENTS.format("TRUE"),
            "favorites": FAVORITES.format("TRUE"),
        }
    first = number - days + 1
    start, end = first * DAY, (number + 1) * DAY
    views = (PHOTO_VIEWS.replace(":day", str(day)) for day in range(first, number + 1))
    return {
        "views": " + ".join(views),
        "comments": COMMENTS.format(f"m.created >= {start} AND m.created < {end}"),
        "favorites": FAVORITES.format(f"f.faved >= {start} AND f.faved < {end}"),
    }


@answers("stats.getPhotoStats")
def get_photo_stats(call: Call) -> Answer:
    """Return the views, comments and favorites of one of the caller's photos on a day."""
    number = visits.required_day(call)
    return {"stats": _photo_stats(call, visits.subject(call, KINDS["Photo"]), _counts(number))}


@answers("stats.getPhotosetStats")
def get_photoset_stats(call: Call) -> Answer:
    """Return the views and comments of one of the caller's photosets on a day."""
    number = visits.required_day(call)
    id_ = visits.subject(call, KINDS["Photoset"])
    comments = call.store.value(
        "SELECT count(*) FROM comments WHERE photoset = CAST(:id AS INTEGER)"
        " AND created >= :start AND created < :end",
        id=id_,
        start=number * DAY,
        end=(number + 1) * DAY,
    )
    views = visits.views(call, KINDS["Photoset"], id_, number)
    return {"stats": {"views": str(views), "comments": str(comments)}}


def _views_alone(kind: SubjectKind) -> Callable[[Call], Answer]:
    def views_alone(call: Call) -> Answer:
        number = visits.required_day(call)
        views = visits.views(call, kind, visits.subject(call, kind), number)
        return {"stats": {"views": str(views)}}

    return views_alone


answers("stats.getCollectionStats", stateful=False)(_views_alone(KINDS["Collection"]))
answers("stats.getPhotostreamStats", stateful=False)(_views_alone(KINDS["Photostream"]))


@answers("stats.getTotalViews")
def get_total_views(call: Call) -> Answer:
    """Return the views of all of the caller's items, on a day or of all time."""
    number = visits.day(call)
    found = _all_time(call) if number is None else _of_day(call, number)
    counts = {"total": sum(found.values()), **found}
    return {"stats": {name: {"views": str(count)} for name, count in counts.items()}}


@answers("stats.getPopularPhotos")
def get_popular_photos(call: Call) -> Answer:
    """Return the caller's photos with most views, comments or favorites, on a day or of all time."""
    number = visits.day(call)
    query = _rank_photos(call, _counts(number)[_sort(call)])
    total = query.count()
    wanted = page(call, PER_PAGE, MAX_PER_PAGE).clamp(total)
    found = [
        photo | {"stats": _photo_stats(call, photo["id"], _counts(number))}
        for photo in query.photos(wanted)
    ]
    return page_answer(wanted, total, found)


@answers("stats.getMostPopularPhotoDateRange", stateful=False)
def get_most_popular_photo_date_range(call: Call) -> Answer:
    """Return the caller's most popular photo of some days, in the format of similar methods.

    Flickr documents no example of this answer.
    """
    number = visits.required_day(call, "date_until")
    days = call.number("num_days", 0, most=visits.KEPT_DAYS + 2)
    if days < 1:
        raise call.unknown("num_days")
    if call.store.current_time() // DAY - (number - days + 1) > visits.KEPT_DAYS:
        raise call.fail(2)
    counts = _counts(number, days)
    found = _rank_photos(call, counts[_sort(call)]).photos(Page(1, 1))
    if not found:
        raise call.fail(4)
    return {"photo": found[0] | {"stats": _photo_stats(call, found[0]["id"], counts)}}


@answers("stats.getCSVFiles", stateful=False)
def get_csv_files(_: Call) -> Answer:
    """Return no files: Flickr no longer offers statistics as CSV files."""
    return {"stats": {"csvfiles": {"csv": []}}}


def _sort(call: Call) -> str:
    sort = call.text("sort", "views")
    if sort not in SORTS:
        raise call.unknown("sort")
    return sort


def _rank_photos(call: Call, count: str) -> Query:
    return Query(call, order=f"{count} DESC, p.id DESC").where("p.owner = :me", me=call.me)


def _photo_stats(call: Call, id_: str, counts: dict[str, str]) -> Answer:
    columns = ", ".join(f"{count} AS {name}" for name, count in counts.items())
    row = call.store.one(f"SELECT {columns} FROM photos p WHERE p.id = :id", id=int(id_))
    assert row is not None
    return {name: str(row[name]) for name in SORTS}


def _of_day(call: Call, number: int) -> dict[str, int]:
    kinds = zip(
        ("photos", "photostream", "sets", "collections"),
        ("Photo", "Photostream", "Photoset", "Collection"),
        strict=True,
    )
    return {name: visits.views(call, KINDS[kind], "", number) for name, kind in kinds}


def _all_time(call: Call) -> dict[str, int]:
    def total(table: str) -> int:
        sql = f"SELECT coalesce(sum(views), 0) FROM {table} WHERE owner = :me"
        return call.store.count(sql, me=call.me)

    collections = call.store.all("SELECT id FROM collections WHERE owner = :me", me=call.me)
    return {
        "photos": total("photos"),
        "photostream": visits.hash_below(call.me, 50000),
        "sets": total("photosets"),
        "collections": sum(visits.hash_below(row["id"], 900) for row in collections),
    }
