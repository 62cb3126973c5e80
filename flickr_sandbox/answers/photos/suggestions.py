"""Suggestions of where a photo was taken: `flickr.photos.suggestions.*`."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.photos.around import decimal
from flickr_sandbox.answers.photos.change import change
from flickr_sandbox.call import Answer, Call, Failure
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

PENDING, APPROVED, REJECTED = range(3)
STREET = 16
# The reflection declares no errors for these methods.
NOT_FOUND = (1, "Suggestion not found")
_ALL = """
SELECT s.*, p.owner, a.username FROM suggestions s JOIN photos p ON p.id = s.photo
JOIN people a ON a.nsid = s.suggested_by
"""


@answers("photos.suggestions.getList")
def get_list(call: Call) -> Answer:
    """Suggestions for the caller's photos, or for one of them, in one state."""
    condition, values = "p.owner = :me", {"me": call.me, "status": PENDING}
    if call.text("photo_id"):
        condition += " AND p.id = :photo"
        values["photo"] = find.own_photo(call)["id"]
    values["status"] = call.number("status_id", PENDING)
    rows = call.store.all(
        f"{_ALL} WHERE {condition} AND s.status = :status ORDER BY s.created, s.id", **values
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
    """Suggest where somebody else's photo was taken."""
    photo = find.photo(call)
    lat, lon = decimal(call, "lat", 90), decimal(call, "lon", 180)
    if lat is None or lon is None:
        raise call.unknown("lat")
    call.store.insert(
        "suggestions",
        id=call.store.next_id(),
        photo=photo["id"],
        suggested_by=call.me,
        created=call.store.now(),
        latitude=lat,
        longitude=lon,
        accuracy=call.number("accuracy", STREET, 1, STREET),
        note=call.text("note"),
    )
    return {}


@answers("photos.suggestions.approveSuggestion")
def approve_suggestion(call: Call) -> Answer:
    """Take a suggestion over: the photo has the location from then on."""
    row = _found(call)
    _decide(call, row, APPROVED)
    place = {name: row[name] for name in ("latitude", "longitude", "accuracy")}
    change(call, row["photo"], **place)
    return {}


@answers("photos.suggestions.rejectSuggestion")
def reject_suggestion(call: Call) -> Answer:
    """Turn a suggestion down."""
    _decide(call, _found(call), REJECTED)
    return {}


@answers("photos.suggestions.removeSuggestion")
def remove_suggestion(call: Call) -> Answer:
    """Take a suggestion away: one's own, or one for a photo of one's own."""
    row = _found(call, by_author=True)
    call.store.run("DELETE FROM suggestions WHERE id = :id", id=row["id"])
    return {}


def _found(call: Call, by_author: bool = False) -> Row:
    row = call.store.one(f"{_ALL} WHERE s.id = :id", id=find.parse_id(call.text("suggestion_id")))
    if row is None or call.me not in (row["owner"], row["suggested_by"] if by_author else None):
        raise Failure(*NOT_FOUND)
    return row


def _decide(call: Call, row: Row, status: int) -> None:
    call.store.run(
        "UPDATE suggestions SET status = :status WHERE id = :id", status=status, id=row["id"]
    )
