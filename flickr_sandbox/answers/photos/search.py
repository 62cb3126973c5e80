"""`flickr.photos.search`"""

from __future__ import annotations

from dataclasses import dataclass

from flickr_sandbox.answers import dates, find
from flickr_sandbox.answers.extras import OWNER
from flickr_sandbox.answers.listing import NEWEST, Page, Query, page
from flickr_sandbox.answers.listing import photos_answer as answer
from flickr_sandbox.answers.photos import filters
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.faults import INDEX_DELAY
from flickr_sandbox.registry import answers

MOST_RESULTS = 4000
COMMONS_LICENSE = 7
PRIVATE_GROUP = 1
# Set in the library after a date of posting was changed: then ids are no longer in order of time.
POSTED_MOVED = "posted_moved"
SORTS = {
    "date-posted-asc": "p.posted, p.id",
    "date-posted-desc": NEWEST,
    "date-taken-asc": "p.taken, p.id",
    "date-taken-desc": "p.taken DESC, p.id DESC",
    "interestingness-asc": "p.views, p.id",
    "interestingness-desc": "p.views DESC, p.id DESC",
    "relevance": NEWEST,
}
# A search needs at least one of these arguments.
NARROWING = (
    "user_id", "tags", "text", "min_upload_date", "max_upload_date", "min_taken_date",
    "max_taken_date", "license", "bbox", "machine_tags", "group_id", "contacts", "woe_id",
    "place_id", "has_geo", "geo_context", "lat", "lon", "is_commons", "in_gallery", "is_getty",
)  # fmt: skip
# The library's content types by the digit of `content_type`.
CONTENT_TYPES = {
    "1": (0,), "2": (1,), "3": (2,), "4": (0, 1), "5": (1, 2), "6": (0, 2),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LimitedPage(Page):
    """A page of a search, which is limited to the first 4,000 results."""

    @property
    def limit(self) -> int:
        return min(self.size, MOST_RESULTS - self.start)


@answers("photos.search")
def search(call: Call) -> Answer:
    """Return the photos that match all arguments and that the caller may see."""
    if not any(call.text(name) for name in NARROWING):
        raise call.fail(3)
    query = Query(call, order=SORTS.get(call.text("sort"), NEWEST))
    _check_date_ranges(call)
    _filter_by_owner(query)
    _filter_by_group(query)
    _filter_by_kind(query)
    _filter_by_safety(query)
    filters.filter_by_dates(query)
    filters.filter_by_privacy(query)
    filters.filter_by_media(query)
    filters.filter_by_location(query)
    _filter_by_words(query)
    if delay := INDEX_DELAY.get():
        query.where("p.posted <= :indexed", indexed=call.store.current_time() - delay)
    wanted = page(call).clamp(MOST_RESULTS)
    return answer(query, LimitedPage(wanted.number, wanted.size))


def _check_date_ranges(call: Call) -> None:
    """Raise failure 18 if a range of dates ends before it starts."""
    for kind in ("upload", "taken"):
        least, most = (dates.unix(call.text(f"{end}_{kind}_date")) for end in ("min", "max"))
        if least is not None and most is not None and least > most:
            raise call.fail(18)


def _filter_by_owner(query: Query) -> None:
    call = query.call
    owner = find.person(call)["nsid"] if call.text("user_id") else None
    contacts = call.text("contacts")
    if contacts and (call.caller.nsid is None or owner not in (None, call.caller.nsid)):
        raise call.fail(17)
    if contacts:
        near = " AND (f.friend OR f.family)" if contacts == "ff" else ""
        query.where(
            "EXISTS (SELECT 1 FROM contacts f WHERE f.owner = :caller AND f.contact = p.owner"
            f" AND NOT f.ignored{near})"
        )
    elif owner:
        query.where("p.owner = :owner", owner=owner)


def _filter_by_group(query: Query) -> None:
    call = query.call
    group = call.text("group_id")
    if not group:
        return
    open_to_caller = call.store.one(
        "SELECT 1 FROM groups WHERE nsid = :group AND (privacy <> :private OR EXISTS"
        " (SELECT 1 FROM group_members WHERE group_nsid = :group AND person = :caller))",
        group=group,
        private=PRIVATE_GROUP,
        caller=call.caller.nsid,
    )
    if not open_to_caller:
        raise call.fail(4)
    query.where(
        "EXISTS (SELECT 1 FROM pool_photos g WHERE g.group_nsid = :group AND g.photo = p.id)",
        group=group,
    )


def _filter_by_kind(query: Query) -> None:
    """Filter by `license`, content types, `is_commons`, `is_getty` and `in_gallery`."""
    call = query.call
    if call.text("license"):
        query.where(f"p.license IN ({_numbers(call.items('license'))})")
    photos = CONTENT_TYPES.get(call.text("content_type"))
    if photos:
        query.where(f"p.content_type IN ({', '.join(map(str, photos))})")
    for argument, media in (("content_types", "photo"), ("video_content_types", "video")):
        if call.text(argument):
            query.where(
                f"(p.media <> '{media}' OR p.content_type IN ({_numbers(call.items(argument))}))"
            )
    if call.flag("is_commons"):
        query.where(f"p.license = {COMMONS_LICENSE}")
    if call.flag("is_getty"):
        query.where("0")  # The sandbox has no Getty photos.
    if call.flag("in_gallery"):
        query.where("EXISTS (SELECT 1 FROM gallery_photos y WHERE y.photo = p.id)")


def _numbers(items: list[str]) -> str:
    return ", ".join(
        item for item in items if item.isascii() and item.isdecimal() and len(item) < 4
    )


def _filter_by_safety(query: Query) -> None:
    """Filter by `safe_search`, by default only safe photos, and skip photos hidden from searches."""
    call = query.call
    query.where("(NOT p.hidden OR p.owner = :caller)")
    if call.caller.nsid is None or not call.text("safe_search"):
        query.where("(p.safety_level = 0 OR p.owner = :caller)")
    else:
        query.where("p.safety_level < :safe", safe=call.number("safe_search", 1, 1, 3))


def _filter_by_words(query: Query) -> None:
    call = query.call
    text = filters.parse_text(call.text("text"))
    if call.text("text"):
        _filter_by_text(query, text)
    if call.text("tags"):
        _filter_by_tags(query, filters.parse_tags(call), drives=not text.present)
    machine_tags = filters.machine_tags_condition(call)
    if machine_tags:
        condition, values = machine_tags
        query.where(condition, **values)


def _filter_by_text(query: Query, wanted: filters.Words) -> None:
    if wanted.is_empty:
        query.where("0")
    if wanted.present:
        _search_through(query, "photo_text", "photo_text.rowid")
        query.where("photo_text MATCH :text", text=" AND ".join(wanted.present))
    if wanted.absent:
        query.where(
            "p.id NOT IN (SELECT rowid FROM photo_text WHERE photo_text MATCH :absent)",
            absent=" OR ".join(wanted.absent),
        )


def _filter_by_tags(query: Query, wanted: filters.Words, drives: bool) -> None:
    if wanted.is_empty:
        query.where("0")
    names = {f"tag{number}": tag for number, tag in enumerate(wanted.present)}
    required = list(names) if query.call.text("tag_mode") == "all" or len(names) == 1 else []
    if required and drives:
        _search_through(query, "photo_tags t", "t.photo")
        query.where(f"t.tag = :{required.pop(0)}")
    for name in required:
        query.where(f"EXISTS (SELECT 1 FROM photo_tags x WHERE x.photo = p.id AND x.tag = :{name})")
    if query.call.text("tag_mode") != "all" and len(names) > 1:
        marks = ", ".join(f":{name}" for name in names)
        query.where(f"p.id IN (SELECT photo FROM photo_tags WHERE tag IN ({marks}))")
        _sort_by_id(query, "p.id")
    query.values |= names
    for number, tag in enumerate(wanted.absent):
        query.where(
            f"p.id NOT IN (SELECT photo FROM photo_tags WHERE tag = :absent{number})",
            **{f"absent{number}": tag},
        )


def _search_through(query: Query, table: str, key: str) -> None:
    """Query photos through another table; its column `key` is a photo's id."""
    # A cross join: otherwise SQLite scans the owner's photos, and looks up the words of each.
    query.tables = f"{table} CROSS JOIN photos p ON p.id = {key} {OWNER}"
    _sort_by_id(query, key)


def _sort_by_id(query: Query, key: str) -> None:
    """Sort by id instead of by time, which needs no sorting step.

    Both orders are the same as long as no date of posting was changed.
    """
    if query.order == NEWEST and not query.call.store.meta(POSTED_MOVED):
        query.order = f"{key} DESC"
