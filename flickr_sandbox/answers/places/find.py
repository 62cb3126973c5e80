"""Find the place of an argument, or raise the failure that the method declares."""

from __future__ import annotations

import re

from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.gazetteer import TYPES, Place, place_by_id

_PLACE_ID = re.compile(r"[\w.]{8,24}", re.A)
_WOE_ID = re.compile(r"\d{1,10}", re.A)


def find_place(call: Call) -> Place:
    """Return the place of `place_id` or `woe_id`."""
    found = find_place_or_none(call)
    if found is None:
        raise call.missing("place_id")
    return found


def find_place_or_none(call: Call) -> Place | None:
    """Return the place of `place_id` or `woe_id`, or None without these arguments."""
    place_id, woe_id = call.text("place_id"), call.text("woe_id")
    if not place_id and not woe_id:
        return None
    if not (_PLACE_ID.fullmatch(place_id) if place_id else _WOE_ID.fullmatch(woe_id)):
        raise call.unknown("place_id")
    found = place_by_id(place_id=place_id) if place_id else place_by_id(woe_id=woe_id)
    if found is None:
        raise unknown_place(call)
    return found


def unknown_place(call: Call) -> Failure:
    """Make the failure for a well-formed id of an unknown place."""
    codes = [e.code for e in call.method.errors if e.message.lower().startswith("place not found")]
    return call.fail(codes[0]) if codes else call.unknown("place_id")


def place_type(call: Call) -> str:
    """Return the type of place of `place_type_id` or `place_type`."""
    number, name = call.text("place_type_id"), call.text("place_type").lower()
    if not number and not name:
        raise call.missing("place_type_id")
    if number:
        name = next((type_name for type_name, id_ in TYPES.items() if str(id_) == number), "")
    name = name.replace("neighborhood", "neighbourhood")
    if name not in TYPES:
        raise call.unknown("place_type_id")
    return name


def degrees(call: Call, argument: str, most: float) -> float:
    """Return an argument as degrees from minus `most` to `most`."""
    return checked_degrees(call, argument, call.text(argument), most)


def checked_degrees(call: Call, argument: str, text: str, most: float) -> float:
    """Convert a part of an argument to degrees from minus `most` to `most`."""
    try:
        value = float(text)
    except ValueError:
        raise call.unknown(argument) from None
    if not -most <= value <= most:
        raise call.unknown(argument)
    return value


def place_answer(found: Place) -> Answer:
    """Return the fields of a place that all answers have."""
    return {
        "place_id": found.place_id,
        "woeid": str(found.woeid),
        "latitude": f"{found.latitude:.3f}",
        "longitude": f"{found.longitude:.3f}",
        "place_url": found.url,
    }


def place_item(found: Place) -> Answer:
    """Return a place as an item of a listing."""
    return place_answer(found) | {
        "place_type": found.type,
        "place_type_id": str(found.type_id),
        "timezone": found.timezone,
        "_content": found.name,
    }
