"""`flickr.places.*` that look places up."""

from __future__ import annotations

from urllib.parse import quote_plus, unquote_plus

from flickr_sandbox.answers.places import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.gazetteer import TYPES, Place, place_at, places
from flickr_sandbox.registry import answers
from flickr_sandbox.store.library.people import FIRST_DAY

STREET = 16
# The minimum accuracy of a point for each type of place.
_KINDS = ((9, "locality"), (5, "region"), (1, "country"))


@answers("places.find", stateful=False)
def find_by_query(call: Call) -> Answer:
    """Return the places whose name contains a text."""
    query = call.text("query")
    found = [place for place in places() if query.casefold() in place.name.casefold()]
    return {
        "places": {
            "query": query,
            "total": len(found),
            "place": [find.place_item(place) for place in found],
        }
    }


@answers("places.findByLatLon", stateful=False)
def find_by_lat_lon(call: Call) -> Answer:
    """Return the place at a point; the accuracy decides its type."""
    latitude, longitude = find.degrees(call, "lat", 90), find.degrees(call, "lon", 180)
    accuracy = call.number("accuracy", 0) if call.text("accuracy") else STREET
    if not 1 <= accuracy <= STREET:
        raise call.unknown("accuracy")
    kind = next(kind for least, kind in _KINDS if accuracy >= least)
    found = place_at(latitude, longitude, kind)
    return {
        "places": {
            "latitude": str(latitude),
            "longitude": str(longitude),
            "accuracy": str(accuracy),
            "total": int(found is not None),
            "place": [_item_by_point(found)] if found else [],
        }
    }


@answers("places.getPlaceTypes", stateful=False)
def get_place_types(call: Call) -> Answer:
    """Return the types of places."""
    types = [{"place_type_id": str(id_), "_content": name} for name, id_ in TYPES.items()]
    return {"place_types": {"place_type": types}}


@answers("places.getInfo", stateful=False)
def get_info(call: Call) -> Answer:
    """Return a place."""
    return {"place": _info(find.find_place(call))}


@answers("places.getInfoByUrl", stateful=False)
def get_info_by_url(call: Call) -> Answer:
    """Return the place with a path at flickr.com/places."""
    return {"place": _info(_by_url(call))}


@answers("places.resolvePlaceId", stateful=False)
def resolve_place_id(call: Call) -> Answer:
    """Return a place, and the places that contain it."""
    return {"location": _location(find.find_place(call))}


@answers("places.resolvePlaceURL", stateful=False)
def resolve_place_url(call: Call) -> Answer:
    """Return the place with a path at flickr.com/places, and the places that contain it."""
    return {"location": _location(_by_url(call))}


@answers("places.getShapeHistory", stateful=False)
def get_shape_history(call: Call) -> Answer:
    """Return the shapes of a place over time: only one, its bounding box."""
    place = find.find_place(call)
    return {
        "shapes": {
            "total": 1,
            "woe_id": str(place.woeid),
            "place_id": place.place_id,
            "place_type": place.type,
            "place_type_id": str(place.type_id),
            "shapedata": [_shape(place)],
        }
    }


def _by_url(call: Call) -> Place:
    wanted = "".join(f"/{quote_plus(unquote_plus(p))}" for p in call.text("url").split("/") if p)
    found = next((place for place in places() if place.url.lower() == wanted.lower()), None)
    if found is None:
        raise call.unknown("url")
    return found


def _item_by_point(place: Place) -> Answer:
    item = find.place_item(place)
    return item | {"name": item.pop("_content")}


def _location(place: Place) -> Answer:
    parts = {
        part.type: find.place_answer(part) | {"_content": part.names[-1]}
        for part in place.self_and_ancestors
    }
    return find.place_answer(place) | {"place_type": place.type} | parts


def _info(place: Place) -> Answer:
    more = {
        "place_type_id": str(place.type_id),
        "has_shapedata": 1,
        "timezone": place.timezone,
        "name": place.name,
        "woe_name": place.names[-1],
        "shapedata": _shape(place),
    }
    return _location(place) | more


def _shape(place: Place) -> Answer:
    west, south, east, north = place.box
    corners = ((south, west), (south, east), (north, east), (north, west), (south, west))
    line = " ".join(f"{latitude},{longitude}" for latitude, longitude in corners)
    return {
        "created": str(FIRST_DAY),
        "alpha": 1,
        "count_points": len(corners),
        "count_edges": len(corners) - 1,
        "has_donuthole": 0,
        "is_donuthole": 0,
        "polylines": {"polyline": [{"_content": line}]},
    }
