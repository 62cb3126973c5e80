"""Photos by a person, and of a person."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.extras import COLUMNS, OWNER, listed
from flickr_sandbox.answers.listing import Query, page, photos
from flickr_sandbox.answers.photos import filters
from flickr_sandbox.answers.photos.search import CONTENT_TYPES
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

# SQLite begins with the left side of a cross join: few photos show a person.
SHOWING = f"photo_people n CROSS JOIN photos p ON p.id = n.photo {OWNER}"
_ONE_OF_EACH = ("0", "1", "2", "3")


@answers("people.getPhotos")
def get_photos(call: Call) -> Answer:
    """The photos of a person that the caller may see, the newest first, as filters choose them."""
    owner = find.person(call)["nsid"]
    query = Query(call).where("p.owner = :owner", owner=owner)
    _safe(query)
    _content(query)
    filters.between_dates(query)
    if owner == call.caller.nsid:
        filters.privacy(query)
    return photos(query, page(call))


@answers("people.getPublicPhotos")
def get_public_photos(call: Call) -> Answer:
    """The public photos of a person, the newest first."""
    query = Query(call).where("p.owner = :owner", owner=find.person(call)["nsid"])
    _safe(query.where("p.ispublic"))
    return photos(query, page(call))


@answers("people.getPhotosOf")
def get_photos_of(call: Call) -> Answer:
    """The photos that show a person. Only to that person is told how many there are."""
    person = find.person(call)["nsid"]
    query = Query(call, tables=SHOWING).where("n.person = :person", person=person)
    if call.text("owner_id"):
        query.where("p.owner = :owner", owner=find.person(call, "owner_id")["nsid"])
    wanted = page(call, 20)
    if person == call.caller.nsid:
        return photos(query, wanted)
    query.columns = COLUMNS
    total = query.count()
    wanted = wanted.within(total)
    more = total > wanted.start + wanted.size
    return {
        "photos": {
            "page": wanted.number,
            "has_next_page": int(more),
            "perpage": wanted.size,
            "photo": [listed(call, row) for row in query.rows(wanted)],
        }
    }


def _safe(query: Query) -> None:
    """`safe_search`: without a login what is safe; one's own photos are all shown unless asked."""
    call = query.call
    if call.caller.nsid is None or not call.text("safe_search"):
        query.where("(p.safety_level = 0 OR p.owner = :caller)")
    else:
        query.where("p.safety_level < :safe", safe=call.number("safe_search", 1, 1, 3))


def _content(query: Query) -> None:
    """`content_types`, a list, and `content_type`, the older number for some such lists."""
    call = query.call
    kinds = [int(item) for item in call.items("content_types") if item in _ONE_OF_EACH]
    kinds = kinds or list(CONTENT_TYPES.get(call.text("content_type"), ()))
    if kinds:
        query.where(f"p.content_type IN ({', '.join(map(str, kinds))})")
