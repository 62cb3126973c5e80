"""Filters of photos by a call's arguments: privacy, media, dates, places, text and tags."""

from __future__ import annotations

import contextlib
import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from flickr_sandbox import gazetteer
from flickr_sandbox.answers import dates
from flickr_sandbox.answers.find import LOCATION_VISIBLE
from flickr_sandbox.answers.listing import Query
from flickr_sandbox.call import Call
from flickr_sandbox.store.library.photos import normalise

# 1 public, 2 for friends, 3 for family, 4 for both, 5 private.
_LEVELS = {
    "1": "p.ispublic",
    "2": "NOT p.ispublic AND p.isfriend AND NOT p.isfamily",
    "3": "NOT p.ispublic AND NOT p.isfriend AND p.isfamily",
    "4": "NOT p.ispublic AND p.isfriend AND p.isfamily",
    "5": "NOT p.ispublic AND NOT p.isfriend AND NOT p.isfamily",
}
MEDIA = {"photos": "photo", "videos": "video"}
HAS_LOCATION = f"p.latitude IS NOT NULL AND {LOCATION_VISIBLE}"
KM_A_DEGREE = 111.195
KM_A_MILE = 1.609344
RADIUS, LARGEST_RADIUS = 5.0, 32.0
CONTEXTS = ("0", "1", "2")
MOST_TAGS = 20
MOST_MACHINE_TAGS = {"any": 8, "all": 16}
_PARTS = re.compile(r'(-?)"([^"]*)"|(-?)([^\s"]+)')
_MACHINE_TAG = re.compile(
    r'(?P<namespace>\*|\w+):(?:(?P<predicate>\*|\w+)(?:="?(?P<value>[^"]*)"?)?)?'
)
# Namespaces have no colon, and predicates no equals sign, so split at the first one.
_PARTS_OF_TAG = {
    "namespace": "substr(tag, 1, instr(tag, ':') - 1)",
    "predicate": "substr(tag, instr(tag, ':') + 1, instr(tag, '=') - instr(tag, ':') - 1)",
    "value": "substr(tag, instr(tag, '=') + 1)",
}


def filter_by_level(query: Query) -> Query:
    """Filter the caller's own photos by `privacy_filter`."""
    level = _LEVELS.get(query.call.text("privacy_filter"))
    return query.where(f"({level})") if level else query


def filter_by_dates(query: Query) -> None:
    """Filter by `min_upload_date`, `max_upload_date`, `min_taken_date` and `max_taken_date`.

    Invalid dates are ignored.
    """
    for argument, condition in (
        ("min_upload_date", "p.posted >= :min_upload_date"),
        ("max_upload_date", "p.posted <= :max_upload_date"),
    ):
        moment = dates.unix(query.call.text(argument))
        if moment is not None:
            query.where(condition, **{argument: moment})
    for argument, condition in (
        ("min_taken_date", "p.taken >= :min_taken_date"),
        ("max_taken_date", "p.taken <= :max_taken_date"),
    ):
        taken = dates.mysql(query.call.text(argument))
        if taken is not None:
            query.where(condition, **{argument: taken})


def filter_by_privacy(query: Query) -> None:
    """Filter by `privacy_filter`, which is ignored without a login."""
    if query.call.caller.nsid:
        filter_by_level(query)


def filter_by_media(query: Query) -> None:
    """Filter by `media`: photos, videos or all."""
    wanted = MEDIA.get(query.call.text("media"))
    if wanted:
        query.where("p.media = :media", media=wanted)


def filter_common(query: Query) -> Query:
    """Apply the filters of all listings of the caller's own photos."""
    filter_by_dates(query)
    filter_by_privacy(query)
    filter_by_media(query)
    return query


def parse_decimal(call: Call, argument: str, limit: float) -> float | None:
    """Return an argument as a number from `-limit` to `limit`, or None if it is invalid."""
    with contextlib.suppress(ValueError):
        number = float(call.text(argument))
        if abs(number) <= limit:
            return number
    return None


def filter_by_location(query: Query) -> None:
    """Filter by location.

    The arguments are `bbox`, `lat`, `lon`, `radius`, `accuracy`, `has_geo`, `geo_context`, `place_id`
    and `woe_id`.
    """
    call = query.call
    if call.text("has_geo"):
        query.where(f"({HAS_LOCATION})" if call.flag("has_geo") else f"NOT ({HAS_LOCATION})")
    if call.text("geo_context") in CONTEXTS:
        query.where(
            f"{HAS_LOCATION} AND p.geo_context = :geo_context",
            geo_context=int(call.text("geo_context")),
        )
    if call.text("bbox"):
        _filter_by_box(query)
    if call.text("lat") or call.text("lon"):
        _filter_by_circle(query)
    if call.text("accuracy"):
        query.where(
            f"{HAS_LOCATION} AND p.accuracy >= :accuracy", accuracy=call.number("accuracy", 1)
        )
    if call.text("place_id") or call.text("woe_id"):
        _filter_by_place(query)


def _filter_by_place(query: Query) -> None:
    call = query.call
    place = gazetteer.place_by_id(call.text("place_id"), call.text("woe_id"))
    if place is None:
        query.where("0")
    else:
        _filter_by_edges(query, "place", *place.box)


def _filter_by_box(query: Query) -> None:
    try:
        west, south, east, north = (float(edge) for edge in query.call.text("bbox").split(","))
    except ValueError:
        raise query.call.fail(18) from None
    _filter_by_edges(query, "box", west, south, east, north)


def _filter_by_edges(
    query: Query, name: str, west: float, south: float, east: float, north: float
) -> None:
    between = f"BETWEEN :{name}_west AND :{name}_east"
    if west > east:
        between = f"NOT BETWEEN :{name}_east AND :{name}_west"  # across the date line
    edges = {"west": west, "south": south, "east": east, "north": north}
    query.where(
        f"{HAS_LOCATION} AND p.latitude BETWEEN :{name}_south AND :{name}_north"
        f" AND p.longitude {between}",
        **{f"{name}_{edge}": degrees for edge, degrees in edges.items()},
    )


def _filter_by_circle(query: Query) -> None:
    call = query.call
    lat, lon = parse_decimal(call, "lat", 90), parse_decimal(call, "lon", 180)
    if lat is None or lon is None:
        raise call.fail(18)
    radius = parse_decimal(call, "radius", 10_000) or RADIUS
    radius = min(radius * (KM_A_MILE if call.text("radius_units") == "mi" else 1), LARGEST_RADIUS)
    height = radius / KM_A_DEGREE
    # Up to 32 km, treat the earth as flat, and correct longitudes by the latitude.
    shrink = max(math.cos(math.radians(lat)), 0.01)
    distance = (
        "((p.latitude - :lat) * (p.latitude - :lat)"
        " + (p.longitude - :lon) * (p.longitude - :lon) * :shrink2)"
    )
    query.where(
        f"{HAS_LOCATION} AND p.latitude BETWEEN :lat - :height AND :lat + :height"
        f" AND {distance} <= :height * :height",
        lat=lat,
        lon=lon,
        height=height,
        shrink2=shrink**2,
    )
    if not call.text("sort"):
        query.order = f"{distance}, p.id DESC"


@dataclass(slots=True)
class Words:
    """Search terms: those that must be present, and those that must be absent."""

    present: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """True if there are no terms to search for."""
        return not self.present and not self.absent


def parse_text(given: str) -> Words:
    """Parse a text into phrases of the full-text index; skip phrases without letters or digits."""
    wanted = Words()
    for found in _PARTS.finditer(given.replace("\0", " ")):
        sign, phrase = (found[1], found[2]) if found[2] is not None else (found[3], found[4])
        if any(unicodedata.category(letter)[0] in "LN" for letter in phrase):
            (wanted.absent if sign else wanted.present).append(f'"{phrase}"')
    return wanted


def parse_tags(call: Call) -> Words:
    """Parse and normalise the argument `tags`."""
    wanted = Words()
    for item in call.items("tags"):
        tag = normalise(item.removeprefix("-"))
        into = wanted.absent if item.startswith("-") else wanted.present
        if tag and tag not in into:
            into.append(tag)
    if call.text("tag_mode") == "all" and len(wanted.present) > MOST_TAGS:
        raise call.fail(1)
    return wanted


def machine_tags_condition(call: Call) -> tuple[str, dict[str, Any]] | None:
    """Return the condition of `machine_tags` with its values, or None without that argument.

    Raises failure 11 if it has no machine tags, and 12 if it has too many.
    """
    items = call.items("machine_tags")
    if not items:
        return None
    mode = "all" if call.text("machine_tag_mode") == "all" else "any"
    patterns = [found for item in items if (found := _MACHINE_TAG.fullmatch(item.lower()))]
    if not patterns:
        raise call.fail(11)
    if len(patterns) > MOST_MACHINE_TAGS[mode]:
        raise call.fail(12)
    values: dict[str, Any] = {}
    wanted = [_machine_tag(found, number, values) for number, found in enumerate(patterns)]
    if mode == "any":
        wanted = [" OR ".join(f"({condition})" for condition in wanted)]
    tagged = "p.id IN (SELECT photo FROM photo_tags WHERE machine_tag AND ({}))"
    return " AND ".join(tagged.format(condition) for condition in wanted), values


def _machine_tag(found: re.Match[str], number: int, values: dict[str, Any]) -> str:
    conditions = ["1"]
    for name, part in _PARTS_OF_TAG.items():
        given = (found[name] or "").replace(" ", "")
        if given not in ("", "*"):
            values[f"{name}{number}"] = given
            conditions.append(f"{part} = :{name}{number}")
    return " AND ".join(conditions)
