"""`flickr.favorites.*`, and `flickr.photos.getFavorites`"""

from __future__ import annotations

from flickr_sandbox.answers import addresses, dates, find, person_fields
from flickr_sandbox.answers.extras import COLUMNS, OWNER, photo_item
from flickr_sandbox.answers.find import person_or_caller
from flickr_sandbox.answers.listing import Position, Query, context, page, page_answer
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

FAVED = f"favorites f CROSS JOIN photos p ON p.id = f.photo {OWNER}"
PER_PAGE, MAX_PER_PAGE = 10, 50


@answers("favorites.add")
def add(call: Call) -> Answer:
    """Add another person's photo to the caller's favorites."""
    number = find.parse_id(call.text("photo_id"))
    owner = call.store.value("SELECT owner FROM photos WHERE id = :id", id=number)
    if owner is None:
        raise call.fail(1)
    if owner == call.me:
        raise call.fail(2)
    query = Query(call).where("p.id = :id", id=number)
    if not query.count():
        raise call.fail(4)
    added = call.store.run(
        "INSERT OR IGNORE INTO favorites VALUES (:me, :photo, :now)",
        me=call.me,
        photo=number,
        now=call.store.current_time(),
    )
    if not added:
        raise call.fail(3)
    return {}


@answers("favorites.remove")
def remove(call: Call) -> Answer:
    """Remove a photo from the caller's favorites."""
    removed = call.store.run(
        "DELETE FROM favorites WHERE person = :me AND photo = :photo",
        me=call.me,
        photo=find.parse_id(call.text("photo_id")),
    )
    if not removed:
        raise call.fail(1)
    return {}


@answers("favorites.getList")
def get_list(call: Call) -> Answer:
    """Return a person's favorites that the caller may see, newest first."""
    return _list(call, person_or_caller(call)["nsid"])


@answers("favorites.getPublicList")
def get_public_list(call: Call) -> Answer:
    """Return a person's favorites that are public."""
    return _list(call, find.person(call)["nsid"], "p.ispublic")


@answers("favorites.getContext")
def get_context(call: Call) -> Answer:
    """Return the favorites of a person before and after a photo."""
    photo, person = find.photo(call), find.person(call)["nsid"]
    faved = call.store.value(
        "SELECT faved FROM favorites WHERE person = :person AND photo = :photo",
        person=person,
        photo=photo["id"],
    )
    if faved is None:
        raise call.fail(3)
    values = {"person": person}
    place = Position(f"in/faves-{person}", FAVED, "f.person = :person", values, "f.faved", faved)
    return context(call, photo, place)


def _list(call: Call, person: str, condition: str = "1") -> Answer:
    query = Query(
        call, tables=FAVED, columns=f"{COLUMNS}, f.faved", order="f.faved DESC, p.id DESC"
    )
    query.where("f.person = :person", person=person).where(condition)
    for argument, sign in (("min_fave_date", ">="), ("max_fave_date", "<=")):
        moment = dates.unix(call.text(argument))
        if moment is not None:
            query.where(f"f.faved {sign} :{argument}", **{argument: moment})
    total = query.count()
    wanted = page(call).clamp(total)
    photos = [
        {**photo_item(call, row), "date_faved": str(row["faved"])} for row in query.rows(wanted)
    ]
    return page_answer(wanted, total, photos)


@answers("photos.getFavorites")
def get_favorites(call: Call) -> Answer:
    """Return the people who have a photo as favorite, newest first."""
    photo = find.photo(call)
    total = call.store.value("SELECT count(*) FROM favorites WHERE photo = :id", id=photo["id"])
    wanted = page(call, PER_PAGE, MAX_PER_PAGE).clamp(total)
    rows = call.store.all(
        "SELECT f.faved, q.* FROM favorites f JOIN people q ON q.nsid = f.person"
        " WHERE f.photo = :id ORDER BY f.faved DESC, q.nsid LIMIT :size OFFSET :start",
        id=photo["id"],
        size=wanted.size,
        start=wanted.start,
    )
    return {
        "photo": {
            "person": [_admirer(call, row) for row in rows],
            "id": str(photo["id"]),
            "secret": photo["secret"],
            "server": photo["server"],
            "farm": photo["farm"],
            "page": wanted.number,
            "pages": -(-total // wanted.size),
            "perpage": wanted.size,
            "total": total,
        }
    }


def _admirer(call: Call, person: Row) -> Answer:
    """Return a person who likes a photo: most of `people.getInfo`, with plain texts."""
    answer = {
        "nsid": person["nsid"],
        "ispro": person["ispro"],
        "is_deleted": person["is_deleted"],
        "iconserver": person["iconserver"],
        "iconfarm": person["iconfarm"],
        "path_alias": person["path_alias"],
        "has_stats": 0,
        **person_fields.pro_fields(person),
        "gender": "X",
        "ignored": 0,
        **person_fields.relations(call, person["nsid"]),
        "username": person["username"],
    }
    if person["nsid"] == call.caller.nsid:
        answer["mbox_sha1sum"] = person_fields.hash_address(person)
    if person_fields.shows_name(call, person):
        answer |= {"realname": person["realname"], "location": person["location"]}
        answer |= person_fields.timezone(person)
    return answer | {
        "description": person["description"],
        "photosurl": addresses.photos_page(call.base, person),
        "profileurl": addresses.profile_page(call.base, person),
        "mobileurl": addresses.photos_page(call.base, person),
        "photos": _photos_of(call, person["nsid"]),
        **person_fields.benefits(),
        "favedate": str(person["faved"]),
    }


def _photos_of(call: Call, nsid: str) -> Answer:
    query = Query(call).where("p.owner = :owner", owner=nsid)
    taken, posted, count = query.aggregate("min(p.taken), min(p.posted), count(*)")
    first = None if posted is None else str(posted)
    return {"firstdatetaken": taken, "firstdate": first, "count": count}
