"""The listings of photos that pages show, and their tiles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.gazetteer import Place
from flickr_sandbox.sizes import KINDS, path
from flickr_sandbox.store import Row, Store

PAGE_SIZE = 48
UNTITLED = "Untitled"
# True if :caller may look into a group `g`.
GROUP_VISIBLE = """(g.privacy <> 1 OR EXISTS (
  SELECT 1 FROM group_members x WHERE x.group_nsid = g.nsid AND x.person = :caller))"""
_SMALL = next(kind for kind in KINDS if kind.extra == "n")


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing of photos `p`; `tables` is for FROM, `condition` for WHERE."""

    tables: str = "photos p"
    condition: str = "1"
    order: str = "p.posted DESC, p.id DESC"
    values: dict[str, Any] = field(default_factory=dict)

    def count(self, store: Store) -> int:
        """Return the number of photos that the account may see."""
        return store.count(f"SELECT count(*) {self._from}", **self._all_values(store))

    def page(self, store: Store, number: int = 1, size: int = PAGE_SIZE) -> list[dict[str, str]]:
        """Return the tiles of a page."""
        rows = store.all(
            f"SELECT p.*, coalesce(o.path_alias, o.nsid) AS owner_name {self._from}"
            f" ORDER BY {self.order} LIMIT :size OFFSET :start",
            size=size,
            start=(number - 1) * size,
            **self._all_values(store),
        )
        return [_tile(row) for row in rows]

    @property
    def _from(self) -> str:
        owner = "JOIN people o ON o.nsid = p.owner"
        return f"FROM {self.tables} {owner} WHERE {self.condition} AND {VISIBLE}"

    def _all_values(self, store: Store) -> dict[str, Any]:
        return {**self.values, "caller": store.account()["nsid"]}


def newest() -> Listing:
    """Return the listing of all public photos."""
    return Listing(condition="p.ispublic")


def of_person(nsid: str) -> Listing:
    """Return the listing of a person's photos."""
    return Listing(condition="p.owner = :nsid", values={"nsid": nsid})


def of_photoset(number: int) -> Listing:
    """Return the listing of a photoset's photos."""
    tables = "photoset_photos s CROSS JOIN photos p ON p.id = s.photo"
    return Listing(tables, "s.photoset = :number", "s.position", {"number": number})


def of_gallery(gallery: str) -> Listing:
    """Return the listing of a gallery's photos."""
    tables = "gallery_photos g CROSS JOIN photos p ON p.id = g.photo"
    return Listing(tables, "g.gallery = :gallery", "g.position", {"gallery": gallery})


def of_group(nsid: str) -> Listing:
    """Return the listing of a group's pool."""
    tables = "pool_photos m CROSS JOIN photos p ON p.id = m.photo"
    return Listing(tables, "m.group_nsid = :nsid", "m.added DESC, p.id DESC", {"nsid": nsid})


def of_place(place: Place) -> Listing:
    """Return the listing of the public photos in a place's bounding box."""
    west, south, east, north = place.box
    condition = (
        "p.ispublic AND p.geo_public AND p.latitude BETWEEN :south AND :north"
        " AND p.longitude BETWEEN :west AND :east"
    )
    box = {"west": west, "south": south, "east": east, "north": north}
    return Listing(condition=condition, values=box)


def _tile(row: Row) -> dict[str, str]:
    return {
        "title": row["title"] or UNTITLED,
        "page": f"/photos/{row['owner_name']}/{row['id']}/",
        "picture": path(row, _SMALL),
    }
