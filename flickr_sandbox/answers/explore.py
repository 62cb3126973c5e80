"""Photos and institutions selected by Flickr: `flickr.interestingness.*`, `panda.*`, `commons.*`"""

from __future__ import annotations

from dataclasses import replace

from flickr_sandbox.answers import dates
from flickr_sandbox.answers.listing import Query, page, photos_answer
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store.library.people import INSTITUTIONS

MOST_A_DAY = 500
PANDAS = ("ling ling", "hsing hsing", "wang wang")
PANDA_INTERVAL = 60000  # ms until a panda has new photos


@answers("interestingness.getList")
def get_interesting_photos(call: Call) -> Answer:
    """Return the 500 public photos of a day with most views; without a date, of the newest day."""
    first = _day(call)
    query = Query(call, order="p.views DESC, p.id DESC")
    query.where(
        "p.id IN (SELECT id FROM photos WHERE posted BETWEEN :first AND :last"
        " AND ispublic AND NOT hidden AND safety_level = 0"
        " ORDER BY views DESC, id DESC LIMIT :most)",
        first=first,
        last=first + dates.DAY - 1,
        most=MOST_A_DAY,
    )
    day = dates.text(first).partition(" ")[0]
    extra = {"explore_date": day, "next_prelude_interval": _seconds_left(call)}
    return {**photos_answer(query, page(call), int), "extra": extra}


def _seconds_left(call: Call) -> int:
    """Return the seconds until the photos of the next day are selected, at midnight."""
    return dates.DAY - call.store.current_time() % dates.DAY


def _day(call: Call) -> int:
    given = call.text("date")
    if not given:
        newest = call.store.value("SELECT max(posted) FROM photos WHERE ispublic")
        return int(newest or 0) // dates.DAY * dates.DAY
    first = dates.start_of_date(given)
    if first is None or first > call.store.current_time():
        raise call.unknown("date")
    return first


@answers("panda.getList", stateful=False)
def get_pandas(call: Call) -> Answer:
    """Return the names of the pandas."""
    return {"pandas": {"panda": [{"_content": name} for name in PANDAS]}}


@answers("panda.getPhotos")
def get_panda_photos(call: Call) -> Answer:
    """Return the public and safe photos that a panda likes: every third photo."""
    name = call.text("panda_name")
    if name not in PANDAS:
        raise call.unknown("panda_name")
    extras = f"{call.text('extras')},owner_name"
    query = Query(replace(call, arguments={**call.arguments, "extras": extras}))
    query.where("p.ispublic AND p.safety_level = 0")
    query.where("p.id % 3 = :panda", panda=PANDAS.index(name))
    newest = call.store.value(
        "SELECT max(posted) FROM photos p WHERE p.ispublic AND p.id % 3 = :panda", **query.values
    )
    return {
        "photos": {
            "interval": PANDA_INTERVAL,
            "lastupdate": (newest or 0) * 1000,
            "total": query.count(),
            "panda": name,
            "photo": query.photos(page(call)),
        }
    }


@answers("commons.getInstitutions")
def get_institutions(call: Call) -> Answer:
    """Return all institutions."""
    items = [_institution(call, nsid, domain) for nsid, _, _, domain in INSTITUTIONS]
    return {"institutions": {"institution": [item for item in items if item]}}


def _institution(call: Call, nsid: str, domain: str) -> Answer:
    row = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=nsid)
    if row is None:
        return {}
    addresses = {
        "site": f"https://{domain}/",
        "license": f"https://{domain}/commons",
        "flickr": f"https://www.flickr.com/photos/{row['path_alias']}/",
    }
    return {
        "nsid": nsid,
        "date_launch": str(row["joined"]),
        "name": {"_content": row["username"]},
        "urls": {"url": [{"type": kind, "_content": url} for kind, url in addresses.items()]},
    }
