"""`flickr.places.*` that count the library's photos by place."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from flickr_sandbox.answers.dates import DAY, start_of_date
from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.answers.places import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.gazetteer import REACH, Place, localities, places
from flickr_sandbox.registry import answers
from flickr_sandbox.store.library.photos import normalise

MOST_PLACES = 100
# The maximum side of a bounding box, in degrees, by type of place.
LARGEST_BOX = {
    "neighbourhood": 1.0,
    "locality": 5.0,
    "county": 20.0,
    "region": 45.0,
    "country": 180.0,
    "continent": 360.0,
}
_NEAR = """abs(p.latitude - :latitude) <= :reach AND abs(p.longitude - :longitude) <= :reach"""


@dataclass(slots=True)
class Photos:
    """A query of photos `p` with a location that the caller may see."""

    call: Call
    conditions: list[str] = field(
        default_factory=lambda: [VISIBLE, "(p.geo_public OR p.owner = :caller)"]
    )
    values: dict[str, Any] = field(default_factory=dict)

    def where(self, condition: str, **values: Any) -> Photos:
        """Add a condition; return the query itself."""
        self.conditions.append(condition)
        self.values |= values
        return self

    def filter_by_dates(self) -> Photos:
        """Filter by the call's dates; return the query itself."""
        call = self.call
        for column, argument in (("posted", "upload"), ("taken", "taken")):
            for sign, bound in ((">=", "min"), ("<=", "max")):
                name = f"{bound}_{argument}_date"
                if call.text(name):
                    value = (
                        call.number(name, 0) if column == "posted" else _parse_moment(call, name)
                    )
                    self.where(f"p.{column} {sign} :{name}", **{name: value})
        return self

    def select_in(self, place: Place) -> tuple[str, dict[str, Any]]:
        """Return the end of a query for one locality, and the values of its parameters."""
        values = {
            "caller": self.call.caller.nsid,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "reach": REACH["locality"],
            **self.values,
        }
        return f"FROM photos p WHERE {_NEAR} AND {' AND '.join(self.conditions)}", values

    def count(self, kind: str, area: Place | None) -> Counter[Place]:
        """Count the photos in each place of a type, within `area`."""
        found: Counter[Place] = Counter()
        for locality in localities(area):
            rest, values = self.select_in(locality)
            total = self.call.store.count(f"SELECT count(*) {rest}", **values)
            for place in locality.self_and_ancestors:
                if place.type == kind and total:
                    found[place] += total
        return found


@answers("places.placesForUser")
def places_for_user(call: Call) -> Answer:
    """Return the places of the caller's photos."""
    kind, area, least = find.place_type(call), find.find_place_or_none(call), _parse_threshold(call)
    photos = Photos(call).where("p.owner = :me", me=call.me).filter_by_dates()
    return _clusters(photos.count(kind, area), least)


@answers("places.placesForContacts")
def places_for_contacts(call: Call) -> Answer:
    """Return the places of photos by the caller's contacts."""
    kind, area, least = find.place_type(call), find.find_place_or_none(call), _parse_threshold(call)
    if call.text("contacts", "all") not in ("all", "ff"):
        raise call.unknown("contacts")
    condition = "c.owner = :me AND (:all OR c.friend OR c.family)"
    photos = Photos(call).where(
        f"p.owner IN (SELECT c.contact FROM contacts c WHERE {condition})",
        me=call.me,
        all=call.text("contacts") != "ff",
    )
    return _clusters(photos.filter_by_dates().count(kind, area), least)


@answers("places.placesForTags")
def places_for_tags(call: Call) -> Answer:
    """Return the places of photos with some tags."""
    kind, area, least = find.place_type(call), find.find_place_or_none(call), _parse_threshold(call)
    photos = Photos(call).filter_by_dates()
    _filter_by_tags(photos, "tags", [normalise(tag) for tag in call.items("tags")])
    _filter_by_tags(photos, "machine_tags", [tag.lower() for tag in call.items("machine_tags")])
    return _clusters(photos.count(kind, area), least)


@answers("places.getChildrenWithPhotosPublic")
def get_children_with_photos_public(call: Call) -> Answer:
    """Return the direct children of a place with public photos."""
    parent = find.find_place(call)
    photos = Photos(call).where("p.ispublic AND p.geo_public")
    counts: Counter[Place] = Counter()
    for kind in REACH:
        counts.update(photos.count(kind, parent))
    children = {p: n for p, n in counts.items() if p.names[:-1] == parent.names}
    return _clusters(Counter(children), least=1)


@answers("places.getTopPlacesList", stateful=False)
def get_top_places_list(call: Call) -> Answer:
    """Return the places with most public photos; counts photos of all days, not of the day only."""
    kind, area = find.place_type(call), find.find_place_or_none(call)
    start = _parse_day(call)
    photos = Photos(call).where("p.ispublic AND p.geo_public")
    answer = _clusters(photos.count(kind, area), least=1)
    days = {"date_start": str(start), "date_stop": str(start + DAY - 1)}
    return {"places": answer["places"] | days}


@answers("places.placesForBoundingBox", stateful=False)
def places_for_bounding_box(call: Call) -> Answer:
    """Return the places of a type whose centers are in a bounding box."""
    west, south, east, north = _parse_box(call)
    kind = find.place_type(call)
    if max(east - west, north - south) > LARGEST_BOX[kind]:
        raise call.fail(4)
    found = [
        place
        for place in places()
        if place.type == kind
        and west <= place.longitude <= east
        and south <= place.latitude <= north
    ]
    return {
        "places": {
            "place_type": kind,
            "total": len(found),
            "pages": 1,
            "page": 1,
            "bbox": call.text("bbox"),
            "place": [find.place_item(place) for place in found],
        }
    }


@answers("places.tagsForPlace")
def tags_for_place(call: Call) -> Answer:
    """Return the most used tags of the photos in a place."""
    place = find.find_place(call)
    photos = Photos(call).filter_by_dates()
    counts: Counter[str] = Counter()
    for locality in localities(place):
        rest, values = photos.select_in(locality)
        rows = call.store.cached_rows(
            f"SELECT t.tag, count(*) AS used FROM photo_tags t "
            f"WHERE NOT t.machine_tag AND t.photo IN (SELECT p.id {rest}) GROUP BY t.tag",
            **values,
        )
        counts.update({row["tag"]: row["used"] for row in rows})
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_PLACES]
    tags = [{"count": str(used), "_content": tag} for tag, used in ranked]
    return {"tags": {"total": len(tags), "tag": tags}}


def _clusters(counts: Counter[Place], least: int) -> Answer:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].name))
    items = [
        find.place_item(place) | {"photo_count": str(count)}
        for place, count in ranked
        if count >= least
    ]
    return {"places": {"total": len(items), "place": items[:MOST_PLACES]}}


def _parse_threshold(call: Call) -> int:
    if not call.text("threshold"):
        return 1
    least = call.number("threshold", -1, -1)
    if least < 0:
        raise call.unknown("threshold")
    return least


def _filter_by_tags(photos: Photos, argument: str, tags: list[str]) -> None:
    """Filter by any of the tags, or by all of them if the call's tag mode is `all`."""
    if not tags:
        return
    wanted = sorted(set(tags))
    mode = photos.call.text("tag_mode" if argument == "tags" else "machine_tag_mode")
    photos.where(
        "(SELECT count(DISTINCT t.tag) FROM photo_tags t WHERE t.photo = p.id AND t.tag IN "
        f"(SELECT value FROM json_each(:{argument}))) >= :{argument}_least",
        **{argument: json.dumps(wanted), f"{argument}_least": len(wanted) if mode == "all" else 1},
    )


def _parse_moment(call: Call, argument: str) -> str:
    """Convert a date, in Unix seconds or as text, to the library's format."""
    given = call.text(argument)
    if re.fullmatch(r"\d{1,11}", given, re.A):
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(given)))
    return given


def _parse_day(call: Call) -> int:
    """Return the start of the day in `date`, by default of yesterday, in Unix seconds."""
    given = call.text("date")
    start = start_of_date(given) if given else (call.store.current_time() // DAY - 1) * DAY
    if start is None:
        raise call.unknown("date")
    return start


def _parse_box(call: Call) -> tuple[float, float, float, float]:
    parts = call.text("bbox").split(",")
    if len(parts) != 4:
        raise call.unknown("bbox")
    west, south, east, north = (
        find.checked_degrees(call, "bbox", part.strip(), most)
        for part, most in zip(parts, (180, 90, 180, 90), strict=True)
    )
    if west > east or south > north:
        raise call.unknown("bbox")
    return west, south, east, north
