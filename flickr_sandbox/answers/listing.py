"""Pages of photos in the format of most listings, and the neighbors of a photo in a listing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flickr_sandbox.answers.addresses import path_name
from flickr_sandbox.answers.extras import COLUMNS, TABLES, photo_item
from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.sizes import KINDS, path
from flickr_sandbox.store import Row

if TYPE_CHECKING:
    from typing import Self

NEWEST = "p.posted DESC, p.id DESC"
NOBODY = {"id": 0, "is_faved": 0}


@dataclass(frozen=True, slots=True)
class Page:
    """A requested page: its number, from 1, and its size."""

    number: int
    size: int

    def clamp(self, total: int) -> Self:
        """Return the same page of `total` items, or the last page, which Flickr repeats past the end."""
        return replace(self, number=min(self.number, max(1, -(-total // self.size))))

    @property
    def start(self) -> int:
        """The number of items before the page."""
        return (self.number - 1) * self.size

    @property
    def limit(self) -> int:
        """The maximum number of items on the page."""
        return self.size


def page(call: Call, size: int = 100, most: int = 500) -> Page:
    """Return the page of the arguments `page` and `per_page`."""
    return Page(call.number("page", 1, 1), call.number("per_page", size, 1, most))


@dataclass(slots=True)
class Query:
    """A query of photos `p`: conditions, joined by AND, and the values of their parameters.

    It only finds photos that the caller may see.
    """

    call: Call
    order: str = NEWEST
    tables: str = TABLES
    columns: str = COLUMNS
    conditions: list[str] = field(default_factory=lambda: [VISIBLE])
    values: dict[str, Any] = field(default_factory=dict)

    def where(self, condition: str, **values: Any) -> Query:
        """Add a condition; return the query itself."""
        self.conditions.append(condition)
        self.values |= values
        return self

    def count(self) -> int:
        """Count the photos."""
        return int(self.aggregate("count(*)")[0])

    def aggregate(self, columns: str) -> Row:
        """Return aggregates of all photos, such as `count(*)`."""
        return self.call.store.cached_rows(f"SELECT {columns} {self._from}", **self._values)[0]

    def photos(self, wanted: Page) -> list[Answer]:
        """Return a page of photos as items of a listing."""
        return [photo_item(self.call, row) for row in self.rows(wanted)]

    def rows(self, wanted: Page) -> list[Row]:
        """Return a page of photos as rows of `columns`."""
        return self.call.store.all(
            f"SELECT {self.columns} {self._from} ORDER BY {self.order} LIMIT :_size OFFSET :_start",
            **self._values,
            _size=wanted.limit,
            _start=wanted.start,
        )

    @property
    def _from(self) -> str:
        return f"FROM {self.tables} WHERE {' AND '.join(self.conditions)}"

    @property
    def _values(self) -> dict[str, Any]:
        return {"caller": self.call.caller.nsid, **self.values}


def photos_answer(
    query: Query, wanted: Page, total_type: Callable[[int], int | str] = str
) -> Answer:
    """Return the answer `photos`. Its `total` is a text in most listings; `total_type` converts it."""
    total = query.count()
    wanted = wanted.clamp(total)
    return page_answer(wanted, total, query.photos(wanted), total_type)


def page_answer(
    wanted: Page, total: int, found: list[Answer], total_type: Callable[[int], int | str] = str
) -> Answer:
    """Return the answer `photos` with the items of a page, of `total` in all."""
    return {
        "photos": {
            "page": wanted.number,
            "pages": -(-total // wanted.size),
            "perpage": wanted.size,
            "total": total_type(total),
            "photo": found,
        }
    }


ONE = Page(1, 1)


@dataclass(frozen=True, slots=True)
class Position:
    """A photo's position in a sequence of photos.

    `tables` and `condition` (with its `values`) select the sequence. It is sorted by the column
    `key`, then by id; `at` is the key of the photo. `name` ends the addresses of the neighbors, such
    as `in/set-1`.
    """

    name: str
    tables: str
    condition: str
    values: dict[str, Any]
    key: str
    at: int


def context(call: Call, photo: Row, place: Position) -> Answer:
    """Return the number of a sequence's photos that the caller may see, and a photo's neighbors."""
    return {
        "count": {"_content": str(_query(call, place).count())},
        "prevphoto": _find_neighbor(call, photo, place, "<", "DESC"),
        "nextphoto": _find_neighbor(call, photo, place, ">", "ASC"),
    }


def _query(call: Call, place: Position) -> Query:
    return Query(call, tables=place.tables).where(place.condition, **place.values)


def _find_neighbor(call: Call, photo: Row, place: Position, side: str, direction: str) -> Answer:
    query = _query(call, place)
    query.where(f"({place.key}, p.id) {side} (:at, :photo)", at=place.at, photo=photo["id"])
    query.order = f"{place.key} {direction}, p.id {direction}"
    query.columns = f"o.nsid, {COLUMNS}"
    row = next(iter(query.rows(ONE)), None)
    return _neighbor(call, row, place.name) if row else NOBODY


def _neighbor(call: Call, row: Row, name: str) -> Answer:
    faved = call.store.one(
        "SELECT 1 FROM favorites WHERE person = :me AND photo = :id",
        me=call.caller.nsid,
        id=row["id"],
    )
    return {
        "id": str(row["id"]),
        "owner": row["owner"],
        "secret": row["secret"],
        "server": row["server"],
        "farm": row["farm"],
        "title": row["title"],
        "url": f"/photos/{path_name(row)}/{row['id']}/{name}/",
        "thumb": call.file_base + path(row, KINDS[0]),
        "license": str(row["license"]),
        "media": row["media"],
        "is_faved": int(bool(faved)),
    }
