"""Listings of an account as flows, without loss and without duplicates while the account changes.

Streams of photos are walked by date: each request continues at the date of the oldest item so far, so
that items that are added or deleted in the meantime move nothing, and no limit of Flickr's on page
numbers applies. Other listings are read page by page, and again if they changed in the meantime.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.paging import find_items
from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.mirror.layout import is_photo_id

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

    # Calls a method with arguments; the flow returns Flickr's answer.
    Call = Callable[[str, dict[str, Any]], Flow]
    Item = dict[str, Any]

# The largest page of all listings that a mirror reads.
PER_PAGE = 500
# The number of times that a changing listing is read, or a changing second of a stream.
ATTEMPTS = 3
UNSTABLE = "the listing changed each time that it was read; run it again"
# Pages without new items after which a listing ends, whatever total and number of pages Flickr reports.
EMPTY_PAGES = 3
# More changed photos than this are found by a stream: Flickr ends such listings at 4,000 results.
MOST_CHANGES = 4000


@dataclass(frozen=True, slots=True)
class Stream:
    """A method that lists photos, newest first: the field with their date, and its upper bound."""

    method: str
    date_field: str
    bound: str


PHOTOS = Stream("flickr.people.getPhotos", "dateupload", "max_upload_date")
FAVORITES_STREAM = Stream("flickr.favorites.getList", "date_faved", "max_fave_date")

# Photos of every safety level and content type: photos, screenshots, other and virtual ones.
EVERYTHING = {"safe_search": 3, "content_types": "0,1,2,3"}


@dataclass(slots=True)
class Listing:
    """The result of a listing: its items by id, and the total that Flickr reported.

    `is_stable` is False if it changed while it was read. `has_list` is False if an answer had no list,
    and `has_object` if it did not even have an object for one. `invalid` counts items without a valid
    id. A listing that passed its items on has None for each.
    """

    items: dict[str, Item | None] = field(default_factory=dict)
    total: int | None = None
    is_stable: bool = True
    invalid: int = 0
    has_list: bool = True
    has_object: bool = True

    @property
    def is_complete(self) -> bool:
        """True if it has as many items as Flickr reported, and did not change."""
        is_valid = self.is_stable and self.has_list and not self.invalid
        return is_valid and self.total == len(self.items)

    def find_fault(self, has_total: bool = True) -> str:
        """Return the reason for which items are missing; an empty text without one.

        `has_total` is False for methods that report no total.
        """
        if not self.is_stable:
            return UNSTABLE
        if not self.has_list and self.total != 0:
            return "Flickr's answer has no list; run it again"
        if self.invalid:
            return f"Flickr's answer has {self.invalid:,} without a valid id; run it again"
        if self.total is None:
            return "Flickr's answer has no total; run it again" if has_total else ""
        # More items than the total are no loss: Flickr updates its counters later.
        if len(self.items) < self.total:
            return f"Flickr listed {len(self.items):,} of {self.total:,}; run it again"
        return ""

    def equals(self, other: Listing) -> bool:
        """Return True if another listing has the same items and total."""
        return self.total == other.total and self.items.keys() == other.items.keys()


def walk(
    call: Call, stream: Stream, values: Mapping[str, Any], consume: Callable[[list[Item]], Flow]
) -> Flow:
    """Walk a stream by date, and return its `Listing`, without the items.

    `values` are the arguments of the method; `extras` must include the date. `consume` is a flow that
    receives the new items of each page. Raises `FlickrError` if a call fails.
    """
    listing = Listing()
    position = _Position()
    while True:
        bound = {stream.bound: position.bound} if position.bound is not None else {}
        answer = yield from call(
            stream.method, {**values, **bound, "per_page": PER_PAGE, "page": position.page}
        )
        page = _Page.read(answer)
        if listing.total is None:
            listing.total = page.total
        listing.has_list &= page.has_list
        new = _add(listing, page.items)
        yield from consume(new)
        for item in new:
            # Only the id is kept: an account may have a million photos.
            listing.items[item["id"]] = None
        dates = [to_whole_number(item.get(stream.date_field)) for item in page.items]
        if not position.advance(page, [date for date in dates if date], bool(new)):
            return listing


def ignore_items(items: list[Item]) -> Flow:
    """Do nothing with the items of a page; a flow."""
    yield from ()


def list_pages(call: Call, method: str, values: Mapping[str, Any], key: str = "id") -> Flow:
    """Read the pages of a listing, and return a `Listing` with its items in Flickr's order.

    If it changes in the meantime it is read again, up to `ATTEMPTS` times in all. `key` is the field
    with the items' id. Raises `FlickrError` if a call fails.
    """
    for _ in range(ATTEMPTS):
        listing = yield from _list_once(call, method, values, key)
        if listing.is_stable:
            break
    return listing


def list_changes(call: Call, since: int, extras: str) -> Flow:
    """Return a `Listing` of the caller's photos that changed since a time, in Unix seconds.

    Returns None if there are more than Flickr lists, or if more photos change in the meantime: then
    walk the stream. Calls `flickr.photos.recentlyUpdated`.
    """
    values = {"min_date": since, "extras": extras}
    listing = yield from _list_once(
        call, "flickr.photos.recentlyUpdated", values, "id", most=MOST_CHANGES
    )
    return listing if listing.is_complete and len(listing.items) <= MOST_CHANGES else None


def find_latest_change(call: Call) -> Flow:
    """Return the greatest `lastupdate` of the caller's photos; 0 without any."""
    values = {"min_date": 1, "extras": "last_update", "per_page": 1, "page": 1}
    answer = yield from call("flickr.photos.recentlyUpdated", values)
    return find_mark(_Page.read(answer).items)


def find_mark(items: Iterable[Mapping[str, Any] | None], mark: int = 0) -> int:
    """Return the greatest `lastupdate` of items, which is Flickr's own clock; at least `mark`."""
    dates = [to_whole_number((item or {}).get("lastupdate")) or 0 for item in items]
    return max([mark, *dates])


class _Position:
    """The position in a stream: the upper bound of dates, and the page below it."""

    def __init__(self) -> None:
        self.bound: int | None = None
        self.page = 1
        self._total: int | None = None
        self._restarts = 0
        self._empty = 0

    def advance(self, page: _Page, dates: list[int], has_new: bool) -> bool:
        """Move to the next request after a page; return False after the last one."""
        self._empty = 0 if has_new else self._empty + 1
        is_changed = self.page > 1 and page.total != self._total
        self._total = page.total
        if is_changed and self._restarts < ATTEMPTS:
            # Photos moved between the pages of one second, also to a page before the last one.
            self._restarts += 1
            # The pages up to this one were read before, and may have nothing new.
            self._empty = -self.page
            self.page = 1
        elif page.is_last(self.page) or self._empty >= EMPTY_PAGES:
            return False
        elif dates and (self.bound is None or min(dates) < self.bound):
            self.bound, self.page, self._restarts = min(dates), 1, 0
        else:
            # A full page has one date, or the method ignores the bound.
            self.page += 1
        return True


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of an answer."""

    items: list[Any]
    number: int | None
    pages: int | None
    total: int | None
    has_list: bool
    has_object: bool

    @classmethod
    def read(cls, answer: dict[str, Any]) -> _Page:
        found, items = find_items(answer)
        # Without items, the list may be missing or an empty text.
        objects = [found] if found else [one for one in answer.values() if isinstance(one, dict)]
        body = objects[0] if objects else {}
        number, pages, total = (to_whole_number(body.get(n)) for n in ("page", "pages", "total"))
        rows = [item for item in items if isinstance(item, dict)]
        return cls(rows, number, pages, total, bool(found), bool(objects))

    def is_repeated(self, requested: int) -> bool:
        """Return True for another page than requested: beyond the end, Flickr repeats the last one."""
        return self.number is not None and self.number != requested

    def is_last(self, requested: int) -> bool:
        """Return True if no page follows."""
        is_end = not self.items or (self.pages or 0) <= requested
        return is_end or self.is_repeated(requested)


def _list_once(
    call: Call, method: str, values: Mapping[str, Any], key: str, most: int | None = None
) -> Flow:
    """Read a listing's pages once; end early if it has more than `most` items."""
    listing = Listing()
    number, empty = 1, 0
    while True:
        answer = yield from call(method, {**values, "per_page": PER_PAGE, "page": number})
        page = _Page.read(answer)
        if page.is_repeated(number):
            listing.is_stable &= number == 1 or page.total == listing.total
            return listing
        if number == 1:
            listing.total = page.total
        listing.has_list &= page.has_list
        listing.has_object &= page.has_object
        invalid = listing.invalid
        new = _add(listing, page.items, key)
        has_repeats = len(new) + listing.invalid - invalid < len(page.items)
        if has_repeats or page.total != listing.total:
            listing.is_stable = False
        listing.items |= {str(item[key]): item for item in new}
        empty = 0 if new else empty + 1
        is_end = page.is_last(number) or empty >= EMPTY_PAGES
        if is_end or (most is not None and (page.total or 0) > most):
            return listing
        number += 1


def _add(listing: Listing, items: list[Item], key: str = "id") -> list[Item]:
    """Return the new items of a page, and count the invalid ones."""
    new: dict[str, Item] = {}
    for item in items:
        item_id: Any = item.get(key)
        if not _is_valid(item_id, key):
            listing.invalid += 1
        elif item_id not in listing.items:
            new[item_id] = item
    return list(new.values())


def _is_valid(item_id: Any, key: str) -> bool:
    # Groups have an NSID, which is no file's name.
    return isinstance(item_id, str) if key == "nsid" else is_photo_id(item_id)
