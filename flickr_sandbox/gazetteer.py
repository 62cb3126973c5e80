"""The places of the sandbox's photos.

Names, coordinates and time zones are real; place ids and WOE ids are the sandbox's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import quote_plus

TYPES = {
    "neighbourhood": 22,
    "locality": 7,
    "county": 9,
    "region": 8,
    "country": 12,
    "continent": 29,
}
# Half the side of a place's bounding box, in degrees.
REACH = {"locality": 0.5, "region": 2.0, "country": 6.0}
_FIRST_WOEID = 7100001
_Row = tuple[str, str, str, str, float, float]
_ROWS: tuple[_Row, ...] = (
    # country, region, locality, time zone, latitude and longitude of the locality
    ("United Kingdom", "Cumbria", "Wasdale", "Europe/London", 54.46, -3.09),
    ("United Kingdom", "Cornwall", "Land's End", "Europe/London", 50.06, -5.71),
    ("United Kingdom", "Greater London", "London", "Europe/London", 51.51, -0.12),
    ("Slovenia", "Upper Carniola", "Bled", "Europe/Ljubljana", 46.36, 14.09),
    ("Morocco", "Drâa-Tafilalet", "Merzouga", "Africa/Casablanca", 31.15, -4.00),
    ("Germany", "Baden-Württemberg", "Baiersbronn", "Europe/Berlin", 48.50, 8.20),
    ("Germany", "Bavaria", "Ettal", "Europe/Berlin", 47.56, 11.07),
    ("Germany", "Berlin State", "Berlin", "Europe/Berlin", 52.52, 13.40),
    ("Germany", "Hamburg State", "Hamburg", "Europe/Berlin", 53.55, 9.99),
    ("United States", "California", "Yosemite Valley", "America/Los_Angeles", 37.72, -119.63),
    ("Iceland", "Austurland", "Skaftafell", "Atlantic/Reykjavik", 64.01, -16.87),
    ("India", "Sikkim", "Gangtok", "Asia/Kolkata", 27.33, 88.61),
    ("Turkey", "Marmara", "Istanbul", "Europe/Istanbul", 41.01, 28.97),
    ("Spain", "Canary Islands", "Garafía", "Atlantic/Canary", 28.76, -17.88),
    ("Portugal", "Lisboa", "Lisbon", "Europe/Lisbon", 38.71, -9.13),
    ("Japan", "Hokkaido", "Sapporo", "Asia/Tokyo", 43.06, 141.35),
)


# The counties of some localities; they are no places of their own here.
_COUNTIES = {
    "Baiersbronn": "Freudenstadt",
    "Ettal": "Garmisch-Partenkirchen",
    "Yosemite Valley": "Mariposa",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place; `names` is its path, from the country to its own name."""

    names: tuple[str, ...]
    type: str
    woeid: int
    latitude: float
    longitude: float
    timezone: str

    @property
    def type_id(self) -> int:
        """Flickr's number for the type of the place."""
        return TYPES[self.type]

    @property
    def place_id(self) -> str:
        """Flickr's id of the place, of letters and digits."""
        return f"sbx{self.woeid * 2654435761 % 2**40:010X}"

    @property
    def name(self) -> str:
        """The full name: its own, then its ancestors'."""
        return ", ".join(reversed(self.names))

    @property
    def county(self) -> str | None:
        """The county of a locality, or None."""
        return _COUNTIES.get(self.names[-1])

    @property
    def url(self) -> str:
        """The path at flickr.com/places, such as `/Germany/Bavaria/Ettal`."""
        return "".join(f"/{quote_plus(name)}" for name in self.names)

    def contains(self, other: Place) -> bool:
        """Return True if another place is in this one, or is the same."""
        return other.names[: len(self.names)] == self.names

    @property
    def self_and_ancestors(self) -> list[Place]:
        """The place and the places that contain it, smallest first."""
        return sorted(
            (place for place in places() if place.contains(self)), key=lambda p: -len(p.names)
        )

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The bounding box: west, south, east and north, in degrees."""
        reach = REACH[self.type]
        x, y = self.longitude, self.latitude
        return round(x - reach, 3), round(y - reach, 3), round(x + reach, 3), round(y + reach, 3)


@cache
def places() -> tuple[Place, ...]:
    """Return all places: countries, then regions, then localities."""
    return tuple(
        Place(
            names,
            ("country", "region", "locality")[len(names) - 1],
            _FIRST_WOEID + number * 37,
            round(sum(row[4] for row in rows) / len(rows), 3),
            round(sum(row[5] for row in rows) / len(rows), 3),
            rows[0][3],
        )
        for number, (names, rows) in enumerate(_groups())
    )


def localities(place: Place | None = None) -> list[Place]:
    """Return the localities in a place, or all localities."""
    return [p for p in places() if p.type == "locality" and (place is None or place.contains(p))]


def place_by_id(place_id: str = "", woe_id: str = "") -> Place | None:
    """Return the place with an id, or None."""
    found = (p for p in places() if p.place_id == place_id or str(p.woeid) == woe_id)
    return next(found, None)


@lru_cache(maxsize=10_000)
def place_at(latitude: float, longitude: float, kind: str = "locality") -> Place | None:
    """Return the place of a type at a point in degrees, or None."""
    distances = [
        (math.hypot(place.latitude - latitude, place.longitude - longitude), place)
        for place in localities()
    ]
    distance, locality = min(distances, key=lambda pair: pair[0])
    if distance > REACH[kind]:
        return None
    return next(place for place in locality.self_and_ancestors if place.type == kind)


def _groups() -> Iterator[tuple[tuple[str, ...], list[_Row]]]:
    for depth in (1, 2, 3):
        for names in dict.fromkeys(row[:3][:depth] for row in _ROWS):
            yield names, [row for row in _ROWS if row[:depth] == names]
