"""Where on earth a search looks: in a box, around a point, or at what is known of a place."""

from __future__ import annotations

import contextlib
import math

from flickr_sandbox import gazetteer
from flickr_sandbox.answers.listing import Query
from flickr_sandbox.answers.photos.filters import PLACED
from flickr_sandbox.call import Call

KM_A_DEGREE = 111.195
KM_A_MILE = 1.609344
RADIUS, LARGEST_RADIUS = 5.0, 32.0
CONTEXTS = ("0", "1", "2")


def decimal(call: Call, argument: str, limit: float) -> float | None:
    """An argument as a number from `-limit` to `limit`; None where it is none."""
    with contextlib.suppress(ValueError):
        number = float(call.text(argument))
        if abs(number) <= limit:
            return number
    return None


def located(query: Query) -> None:
    """`bbox`, `lat`, `lon`, `radius`, `accuracy`, `has_geo`, `geo_context`, `place_id`, `woe_id`."""
    call = query.call
    if call.text("has_geo"):
        query.where(f"({PLACED})" if call.flag("has_geo") else f"NOT ({PLACED})")
    if call.text("geo_context") in CONTEXTS:
        query.where(
            f"{PLACED} AND p.geo_context = :geo_context", geo_context=int(call.text("geo_context"))
        )
    if call.text("bbox"):
        _box(query)
    if call.text("lat") or call.text("lon"):
        _circle(query)
    if call.text("accuracy"):
        query.where(f"{PLACED} AND p.accuracy >= :accuracy", accuracy=call.number("accuracy", 1))
    if call.text("place_id") or call.text("woe_id"):
        _place(query)


def _place(query: Query) -> None:
    call = query.call
    place = gazetteer.named(call.text("place_id"), call.text("woe_id"))
    if place is None:
        query.where("0")
    else:
        _within(query, "place", *place.box)


def _box(query: Query) -> None:
    try:
        west, south, east, north = (float(edge) for edge in query.call.text("bbox").split(","))
    except ValueError:
        raise query.call.fail(18) from None
    _within(query, "box", west, south, east, north)


def _within(query: Query, name: str, west: float, south: float, east: float, north: float) -> None:
    between = f"BETWEEN :{name}_west AND :{name}_east"
    if west > east:
        between = f"NOT BETWEEN :{name}_east AND :{name}_west"  # across the date line
    edges = {"west": west, "south": south, "east": east, "north": north}
    query.where(
        f"{PLACED} AND p.latitude BETWEEN :{name}_south AND :{name}_north"
        f" AND p.longitude {between}",
        **{f"{name}_{edge}": degrees for edge, degrees in edges.items()},
    )


def _circle(query: Query) -> None:
    call = query.call
    lat, lon = decimal(call, "lat", 90), decimal(call, "lon", 180)
    if lat is None or lon is None:
        raise call.fail(18)
    radius = decimal(call, "radius", 10_000) or RADIUS
    radius = min(radius * (KM_A_MILE if call.text("radius_units") == "mi" else 1), LARGEST_RADIUS)
    height = radius / KM_A_DEGREE
    # Within 32 km the earth is as good as flat, but for the narrowing of its meridians.
    narrow = max(math.cos(math.radians(lat)), 0.01)
    distance = (
        "((p.latitude - :lat) * (p.latitude - :lat)"
        " + (p.longitude - :lon) * (p.longitude - :lon) * :narrow2)"
    )
    query.where(
        f"{PLACED} AND p.latitude BETWEEN :lat - :height AND :lat + :height"
        f" AND {distance} <= :height * :height",
        lat=lat,
        lon=lon,
        height=height,
        narrow2=narrow**2,
    )
    if not call.text("sort"):
        query.order = f"{distance}, p.id DESC"
