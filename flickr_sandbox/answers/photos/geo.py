"""`flickr.photos.geo.*`, and `flickr.photos.suggestions.*`: locations, and suggestions of them."""

from __future__ import annotations

from flickr_sandbox import gazetteer
from flickr_sandbox.answers import find
from flickr_sandbox.answers.find import may_see_location
from flickr_sandbox.answers.listing import Query, page
from flickr_sandbox.answers.listing import photos_answer as listing
from flickr_sandbox.answers.photos.edits import update_photo
from flickr_sandbox.answers.photos.filters import parse_decimal
from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

STREET = 16
FLAGS = ("public", "contact", "friend", "family")
# The audiences of a new location, by the number of `prefs.getGeoPerms`.
DEFAULTS = {
    0: ("public",),
    1: ("public",),
    2: ("contact",),
    3: ("friend", "family"),
    4: ("friend",),
    5: ("family",),
    6: (),
}
PENDING, APPROVED, REJECTED = range(3)
# The reflection declares no errors for these methods.
SUGGESTION_NOT_FOUND = (1, "Suggestion not found")
_SUGGESTIONS = """
SELECT s.*, p.owner, a.username FROM suggestions s JOIN photos p ON p.id = s.photo
JOIN people a ON a.nsid = s.suggested_by
"""


def location(photo: Row) -> Answer:
    """Return a photo's location and its audience, in the format of `getInfo`."""
    return {
        "location": {
            "latitude": f"{photo['latitude']:.6f}",
            "longitude": f"{photo['longitude']:.6f}",
            "accuracy": str(photo["accuracy"]),
            "context": str(photo["geo_context"]),
            **_place_names(photo),
        },
        "geoperms": {f"is{flag}": photo[f"geo_{flag}"] for flag in FLAGS},
    }


def _place_names(photo: Row) -> Answer:
    """Return the names of the places around a photo's location; nothing outside of the gazetteer."""
    place = gazetteer.place_at(photo["latitude"], photo["longitude"])
    if place is None:
        return {}
    country, region, locality = place.names
    county = {"county": {"_content": place.county}} if place.county else {}
    return {
        "locality": {"_content": locality},
        **county,
        "region": {"_content": region},
        "country": {"_content": country},
        "neighbourhood": {"_content": ""},
    }


@answers("photos.geo.getLocation")
def get_location(call: Call) -> Answer:
    """Return a photo's location."""
    photo = find.photo(call)
    if not may_see_location(call, photo):
        raise call.fail(2)
    return {"photo": {"id": str(photo["id"]), "location": location(photo)["location"]}}


@answers("photos.geo.getPerms")
def get_perms(call: Call) -> Answer:
    """Return the audience of a location, of one of the caller's photos."""
    photo = _find_located_photo(call)
    return {"perms": {"id": str(photo["id"])} | location(photo)["geoperms"]}


@answers("photos.geo.setPerms")
def set_perms(call: Call) -> Answer:
    """Change the audience of a location."""
    photo = _find_located_photo(call)
    update_photo(
        call, photo["id"], **{f"geo_{flag}": int(call.flag(f"is_{flag}")) for flag in FLAGS}
    )
    return {}


@answers("photos.geo.setLocation")
def set_location(call: Call) -> Answer:
    """Set the location of one of the caller's photos; a new location gets the default audience."""
    photo = find.own_photo(call)
    lat, lon = _parse_point(call)
    columns = {
        "latitude": lat,
        "longitude": lon,
        "accuracy": _parse_accuracy(call, STREET),
        "geo_context": call.number("context", photo["geo_context"], 0, 2),
    }
    if photo["latitude"] is None:
        columns |= _default_perms(call)
    update_photo(call, photo["id"], **columns)
    return {}


@answers("photos.geo.removeLocation")
def remove_location(call: Call) -> Answer:
    """Remove a photo's location."""
    photo = _find_located_photo(call)
    update_photo(call, photo["id"], latitude=None, longitude=None, accuracy=0, geo_context=0)
    return {}


@answers("photos.geo.setContext")
def set_context(call: Call) -> Answer:
    """Set the context of a location: indoors (1), outdoors (2), or unknown (0)."""
    photo = find.own_photo(call)
    if call.text("context") not in ("0", "1", "2"):
        raise call.unknown("context")
    update_photo(call, photo["id"], geo_context=call.number("context", 0))
    return {}


@answers("photos.geo.photosForLocation")
def photos_for_location(call: Call) -> Answer:
    """Return the caller's photos at a point, with an accuracy."""
    return listing(_photos_at_point(call), page(call))


@answers("photos.geo.batchCorrectLocation")
def batch_correct_location(call: Call) -> Answer:
    """Correct the place of the caller's photos at a point; their coordinates do not change."""
    query = _photos_at_point(call)
    if not call.text("place_id") and not call.text("woe_id"):
        raise call.missing("place_id")
    if not query.count():
        raise call.fail(6)
    call.store.run(
        f"UPDATE photos AS p SET lastupdate = :_now WHERE {' AND '.join(query.conditions)}",
        _now=call.store.current_time(),
        caller=call.me,
        **query.values,
    )
    return {}


@answers("photos.geo.correctLocation")
def correct_location(call: Call) -> Answer:
    """Correct the place of a photo; its coordinates do not change."""
    photo = find.own_photo(call)
    update_photo(call, photo["id"])
    return {}


def _find_located_photo(call: Call) -> Row:
    photo = find.own_photo(call)
    if photo["latitude"] is None:
        raise call.fail(2)
    return photo


def _parse_point(call: Call) -> tuple[float, float]:
    lat, lon = parse_decimal(call, "lat", 90), parse_decimal(call, "lon", 180)
    if lat is None:
        raise call.unknown("lat")
    if lon is None:
        raise call.unknown("lon")
    return lat, lon


def _parse_accuracy(call: Call, default: int) -> int:
    if not call.text("accuracy"):
        return default
    accuracy = call.number("accuracy", 0)
    if not 1 <= accuracy <= STREET:
        raise call.unknown("accuracy")
    return accuracy


def _photos_at_point(call: Call) -> Query:
    lat, lon = _parse_point(call)
    query = Query(call).where(
        "p.owner = :caller AND p.latitude = :lat AND p.longitude = :lon", lat=lat, lon=lon
    )
    accuracy = _parse_accuracy(call, 0)
    return query.where("p.accuracy = :accuracy", accuracy=accuracy) if accuracy else query


def _default_perms(call: Call) -> dict[str, int]:
    opened = DEFAULTS.get(find.caller(call)["default_geo_perms"], ())
    return {f"geo_{flag}": int(flag in opened) for flag in FLAGS}


@answers("photos.suggestions.getList")
def get_suggestions(call: Call) -> Answer:
    """Return suggestions with the status `status_id` for the caller's photos, or for one of them."""
    condition, values = "p.owner = :me", {"me": call.me, "status": PENDING}
    if call.text("photo_id"):
        condition += " AND p.id = :photo"
        values["photo"] = find.own_photo(call)["id"]
    values["status"] = call.number("status_id", PENDING)
    rows = call.store.all(
        f"{_SUGGESTIONS} WHERE {condition} AND s.status = :status ORDER BY s.created, s.id",
        **values,
    )
    return {
        "suggestions": {
            "total": str(len(rows)),
            "suggestion": [_suggestion(row) for row in rows],
        }
    }


def _suggestion(row: Row) -> Answer:
    return {
        "id": str(row["id"]),
        "photo_id": str(row["photo"]),
        "date_suggested": str(row["created"]),
        "status_id": str(row["status"]),
        "suggested_by": {"nsid": row["suggested_by"], "username": row["username"]},
        "note": {"_content": row["note"]},
        "location": {
            "latitude": str(row["latitude"]),
            "longitude": str(row["longitude"]),
            "accuracy": str(row["accuracy"]),
        },
    }


@answers("photos.suggestions.suggestLocation")
def suggest_location(call: Call) -> Answer:
    """Suggest a location for another person's photo."""
    photo = find.photo(call)
    lat, lon = parse_decimal(call, "lat", 90), parse_decimal(call, "lon", 180)
    if lat is None or lon is None:
        raise call.unknown("lat")
    call.store.insert(
        "suggestions",
        id=call.store.next_id(),
        photo=photo["id"],
        suggested_by=call.me,
        created=call.store.current_time(),
        latitude=lat,
        longitude=lon,
        accuracy=call.number("accuracy", STREET, 1, STREET),
        note=call.text("note"),
    )
    return {}


@answers("photos.suggestions.approveSuggestion")
def approve_suggestion(call: Call) -> Answer:
    """Approve a suggestion, and set the photo's location."""
    row = _find_suggestion(call)
    _set_status(call, row, APPROVED)
    place = {name: row[name] for name in ("latitude", "longitude", "accuracy")}
    update_photo(call, row["photo"], **place)
    return {}


@answers("photos.suggestions.rejectSuggestion")
def reject_suggestion(call: Call) -> Answer:
    """Reject a suggestion."""
    _set_status(call, _find_suggestion(call), REJECTED)
    return {}


@answers("photos.suggestions.removeSuggestion")
def remove_suggestion(call: Call) -> Answer:
    """Delete a suggestion by the caller, or one for the caller's photo."""
    row = _find_suggestion(call, by_author=True)
    call.store.run("DELETE FROM suggestions WHERE id = :id", id=row["id"])
    return {}


def _find_suggestion(call: Call, by_author: bool = False) -> Row:
    row = call.store.one(
        f"{_SUGGESTIONS} WHERE s.id = :id", id=find.parse_id(call.text("suggestion_id"))
    )
    if row is None or call.me not in (row["owner"], row["suggested_by"] if by_author else None):
        raise Failure(*SUGGESTION_NOT_FOUND)
    return row


def _set_status(call: Call, row: Row, status: int) -> None:
    call.store.run(
        "UPDATE suggestions SET status = :status WHERE id = :id", status=status, id=row["id"]
    )
