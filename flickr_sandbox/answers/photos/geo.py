"""Where photos were taken, and who may know: `flickr.photos.geo.*`."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.find import place_shown
from flickr_sandbox.answers.listing import Query, page
from flickr_sandbox.answers.listing import photos as listing
from flickr_sandbox.answers.photos.around import decimal
from flickr_sandbox.answers.photos.change import change
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

STREET = 16
FLAGS = ("public", "contact", "friend", "family")
# What a person's default, the number of `prefs.getGeoPerms`, opens a new location to.
DEFAULTS = {
    0: ("public",),
    1: ("public",),
    2: ("contact",),
    3: ("friend", "family"),
    4: ("friend",),
    5: ("family",),
    6: (),
}


def location(photo: Row) -> Answer:
    """Where a photo was taken and who may know, as `getInfo` tells it."""
    return {
        "location": {
            "latitude": str(photo["latitude"]),
            "longitude": str(photo["longitude"]),
            "accuracy": str(photo["accuracy"]),
            "context": str(photo["geo_context"]),
        },
        "geoperms": {f"is{flag}": photo[f"geo_{flag}"] for flag in FLAGS},
    }


@answers("photos.geo.getLocation")
def get_location(call: Call) -> Answer:
    """Where a photo was taken."""
    photo = find.photo(call)
    if not place_shown(call, photo):
        raise call.fail(2)
    return {"photo": {"id": str(photo["id"]), "location": location(photo)["location"]}}


@answers("photos.geo.getPerms")
def get_perms(call: Call) -> Answer:
    """Who may know where a photo of one's own was taken."""
    photo = _placed(call)
    return {"perms": {"id": str(photo["id"])} | location(photo)["geoperms"]}


@answers("photos.geo.setPerms")
def set_perms(call: Call) -> Answer:
    """Set who may know."""
    photo = _placed(call)
    change(call, photo["id"], **{f"geo_{flag}": int(call.flag(f"is_{flag}")) for flag in FLAGS})
    return {}


@answers("photos.geo.setLocation")
def set_location(call: Call) -> Answer:
    """Set where a photo of one's own was taken; the first time, the person's default says who may
    know."""
    photo = find.own_photo(call)
    lat, lon = _point(call)
    columns = {
        "latitude": lat,
        "longitude": lon,
        "accuracy": _accuracy(call, STREET),
        "geo_context": call.number("context", photo["geo_context"], 0, 2),
    }
    if photo["latitude"] is None:
        columns |= _default_perms(call)
    change(call, photo["id"], **columns)
    return {}


@answers("photos.geo.removeLocation")
def remove_location(call: Call) -> Answer:
    """Forget where a photo was taken."""
    photo = _placed(call)
    change(call, photo["id"], latitude=None, longitude=None, accuracy=0, geo_context=0)
    return {}


@answers("photos.geo.setContext")
def set_context(call: Call) -> Answer:
    """Whether a photo was taken indoors (1), outdoors (2), or nobody knows (0)."""
    photo = find.own_photo(call)
    if call.text("context") not in ("0", "1", "2"):
        raise call.unknown("context")
    change(call, photo["id"], geo_context=call.number("context", 0))
    return {}


@answers("photos.geo.photosForLocation")
def photos_for_location(call: Call) -> Answer:
    """The caller's photos at a point, recorded at an accuracy."""
    return listing(_at_point(call), page(call))


@answers("photos.geo.batchCorrectLocation")
def batch_correct_location(call: Call) -> Answer:
    """Say which place the caller's photos at a point belong to; their coordinates stay."""
    query = _at_point(call)
    if not call.text("place_id") and not call.text("woe_id"):
        raise call.missing("place_id")
    if not query.count():
        raise call.fail(6)
    call.store.run(
        f"UPDATE photos AS p SET lastupdate = :_now WHERE {' AND '.join(query.conditions)}",
        _now=call.store.now(),
        caller=call.me,
        **query.values,
    )
    return {}


@answers("photos.geo.correctLocation")
def correct_location(call: Call) -> Answer:
    """Say which place a photo belongs to; its coordinates stay."""
    photo = find.own_photo(call)
    change(call, photo["id"])
    return {}


def _placed(call: Call) -> Row:
    photo = find.own_photo(call)
    if photo["latitude"] is None:
        raise call.fail(2)
    return photo


def _point(call: Call) -> tuple[float, float]:
    lat, lon = decimal(call, "lat", 90), decimal(call, "lon", 180)
    if lat is None:
        raise call.unknown("lat")
    if lon is None:
        raise call.unknown("lon")
    return lat, lon


def _accuracy(call: Call, default: int) -> int:
    if not call.text("accuracy"):
        return default
    accuracy = call.number("accuracy", 0)
    if not 1 <= accuracy <= STREET:
        raise call.unknown("accuracy")
    return accuracy


def _at_point(call: Call) -> Query:
    lat, lon = _point(call)
    query = Query(call).where(
        "p.owner = :caller AND p.latitude = :lat AND p.longitude = :lon", lat=lat, lon=lon
    )
    accuracy = _accuracy(call, 0)
    return query.where("p.accuracy = :accuracy", accuracy=accuracy) if accuracy else query


def _default_perms(call: Call) -> dict[str, int]:
    opened = DEFAULTS.get(find.caller(call)["default_geo_perms"], ())
    return {f"geo_{flag}": int(flag in opened) for flag in FLAGS}
