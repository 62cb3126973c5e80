"""Who a person is: `getInfo`, `findByEmail` and `findByUsername`."""

from __future__ import annotations

import hashlib

from flickr_sandbox.answers import addresses, find
from flickr_sandbox.answers.listing import Query
from flickr_sandbox.answers.people.account import MOST_WITHOUT_PRO
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row


@answers("people.getInfo")
def get_info(call: Call) -> Answer:
    """All about a person; counts are of the photos that the caller may see."""
    person = find.person(call)
    nsid, (photos, reserved) = person["nsid"], _photos(call, person)
    count = photos["count"]["_content"]
    return {
        "person": {
            "id": nsid,
            "nsid": nsid,
            "ispro": person["ispro"],
            "is_deleted": 0,
            "iconserver": person["iconserver"],
            "iconfarm": person["iconfarm"],
            "path_alias": person["path_alias"],
            "has_stats": person["ispro"],
            "username": {"_content": person["username"]},
            "realname": {"_content": person["realname"]},
            # Of the address with its scheme, as FOAF has it; with SHA-1 nothing is kept secret here.
            "mbox_sha1sum": {
                "_content": hashlib.sha1(f"mailto:{person['email']}".encode()).hexdigest()
            },
            "location": {"_content": person["location"]},
            "description": {"_content": person["description"]},
            "photosurl": {"_content": addresses.photos(call.base, person)},
            "profileurl": {"_content": addresses.profile(call.base, person)},
            "mobileurl": {"_content": f"{call.base}/photostream.gne?id={nsid.partition('@')[0]}"},
            "photos": photos,
            "upload_count": count,
            "upload_limit": MOST_WITHOUT_PRO,
            "upload_limit_status": "below_limit"
            if person["ispro"] or count < MOST_WITHOUT_PRO
            else "at_limit",
            "is_cognito_user": 1,
            "all_rights_reserved_photos_count": reserved,
            "has_adfree": person["ispro"],
            "has_free_standard_shipping": 0,
            "has_free_educational_resources": 0,
        }
    }


@answers("people.findByEmail")
def find_by_email(call: Call) -> Answer:
    """The person with an e-mail address."""
    return _found(call, "find_email", "email")


@answers("people.findByUsername")
def find_by_username(call: Call) -> Answer:
    """The person with a user name, in whatever case it is written."""
    return _found(call, "username", "username")


def _found(call: Call, argument: str, column: str) -> Answer:
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


def _photos(call: Call, person: Row) -> tuple[Answer, int]:
    """What is told of a person's photos, and of how many all rights are reserved."""
    query = Query(call).where("p.owner = :owner", owner=person["nsid"])
    taken, posted, count, views, reserved = query.summed(
        "min(p.taken), min(p.posted), count(*), sum(p.views), sum(p.license = 0)"
    )
    told = {
        "firstdatetaken": {"_content": taken},
        "firstdate": {"_content": None if posted is None else str(posted)},
        "count": {"_content": count},
        "views": {"_content": str(views or 0)},
    }
    return told, reserved or 0
