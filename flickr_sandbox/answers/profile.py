"""`flickr.profile.*`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

ELSEWHERE = ("facebook", "twitter", "tumblr", "instagram", "pinterest")


@answers("profile.getProfile")
def get_profile(call: Call) -> Answer:
    """What a person tells of themselves; the e-mail address to the person alone."""
    person = find.person(call)
    first, _, last = person["realname"].partition(" ")
    city, _, country = person["location"].partition(", ")
    showcase = call.store.one(
        "SELECT id, title FROM photosets WHERE owner = :owner ORDER BY position LIMIT 1",
        owner=person["nsid"],
    )
    own = person["nsid"] == call.caller.nsid
    return {
        "profile": {
            "id": person["nsid"],
            "nsid": person["nsid"],
            "join_date": str(person["joined"]),
            "occupation": "",
            "hometown": "",
            "showcase_set": str(showcase["id"]) if showcase else "0",
            "showcase_set_title": showcase["title"] if showcase else "",
            "first_name": first,
            "last_name": last,
            **({"email": person["email"]} if own else {}),
            "profile_description": person["description"],
            "city": city,
            "country": country,
            **dict.fromkeys(ELSEWHERE, ""),
        }
    }
