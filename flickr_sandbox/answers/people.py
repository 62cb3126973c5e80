"""`flickr.people.*`: people, the photos by them and the photos of them."""

from __future__ import annotations

from flickr_sandbox.answers import account, addresses, find, person_fields
from flickr_sandbox.answers.extras import COLUMNS, OWNER, photo_item
from flickr_sandbox.answers.listing import Query, page, photos_answer
from flickr_sandbox.answers.photos import filters
from flickr_sandbox.answers.photos.search import CONTENT_TYPES
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

# SQLite starts with the left side of a cross join, which is small: few photos show a person.
SHOWING = f"photo_people n CROSS JOIN photos p ON p.id = n.photo {OWNER}"
_ONE_OF_EACH = ("0", "1", "2", "3")


@answers("people.getInfo")
def get_info(call: Call) -> Answer:
    """Return a person; counts are of the photos that the caller may see."""
    person = find.person(call)
    nsid = person["nsid"]
    own = nsid == call.caller.nsid
    answer: Answer = {
        "id": nsid,
        "nsid": nsid,
        "ispro": person["ispro"],
        "is_deleted": 0,
        # A text, except without an icon.
        "iconserver": person["iconserver"] if person["iconserver"] != "0" else 0,
        "iconfarm": person["iconfarm"],
        "path_alias": person["path_alias"],
        "has_stats": 0,
        **person_fields.pro_fields(person),
        "username": {"_content": person["username"]},
    }
    if person_fields.shows_name(call, person):
        answer["realname"] = {"_content": person["realname"]}
    if own:
        answer["mbox_sha1sum"] = {"_content": person_fields.hash_address(person)}
    if person_fields.shows_name(call, person):
        answer["location"] = {"_content": person["location"]}
        answer |= person_fields.timezone(person)
    photos, reserved = _photos(call, person, own)
    answer |= {
        "description": {"_content": person["description"]},
        "photosurl": {"_content": addresses.photos_page(call.base, person)},
        "profileurl": {"_content": addresses.profile_page(call.base, person)},
        "mobileurl": {"_content": addresses.photos_page(call.base, person)},
        "photos": photos,
    }
    if own:
        count = photos["count"]["_content"]
        answer |= account.upload_limit(person, count)
        answer |= {"is_cognito_user": 1, "all_rights_reserved_photos_count": reserved}
    return {"person": answer | person_fields.benefits()}


@answers("people.findByEmail")
def find_by_email(call: Call) -> Answer:
    """Return the person with an e-mail address."""
    return _find_user(call, "find_email", "email")


@answers("people.findByUsername")
def find_by_username(call: Call) -> Answer:
    """Return the person with a user name, in upper or lower case."""
    return _find_user(call, "username", "username")


def _find_user(call: Call, argument: str, column: str) -> Answer:
    wanted = call.text(argument).casefold()
    rows = call.store.all("SELECT * FROM people WHERE NOT is_deleted")
    row = next((row for row in rows if row[column].casefold() == wanted), None)
    if row is None:
        raise call.unknown(argument)
    return {
        "user": {
            "id": row["nsid"],
            "nsid": row["nsid"],
            "username": {"_content": row["username"]},
        }
    }


def _photos(call: Call, person: Row, own: bool) -> tuple[Answer, int]:
    """Return the summary of a person's photos, and the number of those with all rights reserved.

    Only the person gets the number of views.
    """
    query = Query(call).where("p.owner = :owner", owner=person["nsid"])
    taken, posted, count, views, reserved = query.aggregate(
        "min(p.taken), min(p.posted), count(*), sum(p.views), sum(p.license = 0)"
    )
    answer = {
        "firstdatetaken": {"_content": taken},
        "firstdate": {"_content": None if posted is None else str(posted)},
        "count": {"_content": count},
    }
    if own:
        answer["views"] = {"_content": str(views or 0)}
    return answer, reserved or 0


@answers("people.getPhotos")
def get_photos(call: Call) -> Answer:
    """Return a person's photos that the caller may see, newest first, with filters."""
    owner = find.person(call)["nsid"]
    query = Query(call).where("p.owner = :owner", owner=owner)
    _filter_by_safety(query)
    _filter_by_content_type(query)
    filters.filter_by_dates(query)
    if owner == call.caller.nsid:
        filters.filter_by_privacy(query)
    return photos_answer(query, page(call), int)


@answers("people.getPublicPhotos")
def get_public_photos(call: Call) -> Answer:
    """Return a person's public photos, newest first."""
    query = Query(call).where("p.owner = :owner", owner=find.person(call)["nsid"])
    _filter_by_safety(query.where("p.ispublic"))
    return photos_answer(query, page(call))


@answers("people.getPhotosOf")
def get_photos_of(call: Call) -> Answer:
    """Return the photos that show a person. Only that person gets the total."""
    person = find.person(call)["nsid"]
    query = Query(call, tables=SHOWING).where("n.person = :person", person=person)
    if call.text("owner_id"):
        query.where("p.owner = :owner", owner=find.person(call, "owner_id")["nsid"])
    wanted = page(call, 20)
    if person == call.caller.nsid:
        return photos_answer(query, wanted)
    query.columns = COLUMNS
    total = query.count()
    wanted = wanted.clamp(total)
    more = total > wanted.start + wanted.size
    return {
        "photos": {
            "page": wanted.number,
            "has_next_page": int(more),
            "perpage": wanted.size,
            "photo": [photo_item(call, row) for row in query.rows(wanted)],
        }
    }


def _filter_by_safety(query: Query) -> None:
    """Filter by `safe_search`. The default is safe photos, and all of the caller's own."""
    call = query.call
    if call.caller.nsid is None or not call.text("safe_search"):
        query.where("(p.safety_level = 0 OR p.owner = :caller)")
    else:
        query.where("p.safety_level < :safe", safe=call.number("safe_search", 1, 1, 3))


def _filter_by_content_type(query: Query) -> None:
    """Filter by `content_types`, a list, or by `content_type`, an older number for some lists."""
    call = query.call
    kinds = [int(item) for item in call.items("content_types") if item in _ONE_OF_EACH]
    kinds = kinds or list(CONTENT_TYPES.get(call.text("content_type"), ()))
    if kinds:
        query.where(f"p.content_type IN ({', '.join(map(str, kinds))})")
