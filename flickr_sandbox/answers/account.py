"""The caller: limits and upload status, `flickr.prefs.*` and `flickr.profile.*`"""

from __future__ import annotations

from flickr_sandbox.answers import find, person_fields
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

KILO, MEGA = 1024, 1024 * 1024
LARGEST_PHOTO, LARGEST_VIDEO = 200 * MEGA, 1024 * MEGA
LONGEST_VIDEO = 600  # seconds
BANDWIDTH, LARGEST_BANDWIDTH = 2 * 1024 * MEGA, 200 * 1024 * MEGA
MOST_WITHOUT_PRO = 1000  # photos and videos
OTHER_SERVICES = ("facebook", "twitter", "tumblr", "instagram", "pinterest")


@answers("people.getLimits")
def get_limits(call: Call) -> Answer:
    """Return the maximum sizes of photos and videos, in bytes, and of a video's duration, in seconds."""
    return {
        "person": {
            "nsid": find.caller(call)["nsid"],
            "photos": {"maxdisplaypx": "0", "maxupload": str(LARGEST_PHOTO)},
            "videos": {"maxduration": str(LONGEST_VIDEO), "maxupload": str(LARGEST_VIDEO)},
        }
    }


@answers("people.getUploadStatus")
def get_upload_status(call: Call) -> Answer:
    """Return the remaining upload quota. Flickr still answers it, but no longer counts uploads."""
    person = find.caller(call)
    count = "SELECT count(*) FROM photos WHERE owner = :me"
    uploads = call.store.count(count, me=call.me)
    sets = call.store.count("SELECT count(*) FROM photosets WHERE owner = :me", me=call.me)
    videos = call.store.count(f"{count} AND media = 'video'", me=call.me)
    return {
        "user": {
            "id": person["nsid"],
            "ispro": person["ispro"],
            "username": {"_content": person["username"]},
            **upload_limit(person, uploads),
            "bandwidth": {
                "max": BANDWIDTH,
                "used": 0,
                "maxbytes": LARGEST_BANDWIDTH,
                "usedbytes": 0,
                "remainingbytes": LARGEST_BANDWIDTH,
                "maxkb": LARGEST_BANDWIDTH // KILO,
                "usedkb": 0,
                "remainingkb": LARGEST_BANDWIDTH // KILO,
                "unlimited": 1,
            },
            "filesize": {"max": LARGEST_PHOTO, **_sizes(LARGEST_PHOTO)},
            "sets": {"created": sets, "remaining": "lots"},
            "videosize": _sizes(LARGEST_VIDEO),
            "videos": {"uploaded": videos, "remaining": "lots"},
        }
    }


def upload_limit(person: Row, count: int) -> Answer:
    """Return the number of a person's uploads, and the limit of accounts that are not Pro."""
    below = person["ispro"] or count < MOST_WITHOUT_PRO
    return {
        "upload_count": count,
        "upload_limit": MOST_WITHOUT_PRO,
        "upload_limit_status": "below_limit" if below else "at_limit",
    }


def _sizes(most: int) -> Answer:
    return {"maxbytes": most, "maxkb": most // KILO, "maxmb": most // MEGA}


@answers("prefs.getContentType")
def get_content_type(call: Call) -> Answer:
    """Return the default content type: 1 photo, 2 screenshot, 3 other."""
    return _preference(call, "content_type", "default_content_type")


@answers("prefs.getGeoPerms")
def get_geo_perms(call: Call) -> Answer:
    """Return the default audience of locations.

    0 not set, 1 everybody, 2 contacts, 3 friends and family, 4 friends, 5 family, 6 only the owner.
    """
    answer = _preference(call, "geoperms", "default_geo_perms")
    answer["person"]["importgeoexif"] = "0"
    return answer


@answers("prefs.getHidden")
def get_hidden(call: Call) -> Answer:
    """Return the default visibility in searches: 1 visible, 2 hidden."""
    return _preference(call, "hidden", "default_hidden")


@answers("prefs.getPrivacy")
def get_privacy(call: Call) -> Answer:
    """Return the default privacy: 1 public, 2 friends, 3 family, 4 friends and family, 5 private."""
    return _preference(call, "privacy", "default_privacy")


@answers("prefs.getSafetyLevel")
def get_safety_level(call: Call) -> Answer:
    """Return the default safety level: 1 safe, 2 moderate, 3 restricted."""
    return _preference(call, "safety_level", "default_safety_level")


def _preference(call: Call, name: str, column: str) -> Answer:
    person = find.caller(call)
    return {"person": {"nsid": person["nsid"], name: str(person[column])}}


def _website(person: Row) -> Answer:
    """Return the site of a person; in the library, people with an alias have one."""
    alias = person["path_alias"]
    return {"website": f"https://{alias}.example.org/"} if alias else {}


@answers("profile.getProfile")
def get_profile(call: Call) -> Answer:
    """Return a person's profile, also of a deleted account; the e-mail address only to the person."""
    person = find.person(call, even_deleted=True)
    first, _, last = person_fields.real_name(call, person).partition(" ")
    city, _, country = person_fields.location(call, person).partition(", ")
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
            **_website(person),
            "city": city,
            "country": country,
            **dict.fromkeys(OTHER_SERVICES, ""),
        }
    }
