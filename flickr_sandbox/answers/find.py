"""Find what arguments name, or raise the failure that the method declares; permissions of callers.

Ids of galleries, collections and comments are accepted whole, or by the number at their end.
"""

from __future__ import annotations

from flickr_sandbox.call import Call
from flickr_sandbox.store import Row

NO_ID = -1
_MOST_DIGITS = 18  # what SQLite holds


def parse_id(text: str) -> int:
    """The number that an id is; `NONE`, which names nothing, for any other text."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else NO_ID


def parse_last_id(text: str) -> int:
    """The number at the end of an id like `12345-72157600000000000`, which may lack its front."""
    return parse_id(text.rpartition("-")[2])


def full_id(owner: str, number: int) -> str:
    """The whole id of what belongs to a person, by the person's NSID."""
    return f"{owner.partition('@')[0]}-{number}"


# In digits; SQLite holds every number that is shorter.
LONGEST_ID = 19
# Who may see a photo `p`: the parameter :caller is the NSID of who asks, NULL for nobody.
VISIBLE = """(p.ispublic OR p.owner = :caller OR EXISTS (
  SELECT 1 FROM contacts c WHERE c.owner = p.owner AND c.contact = :caller
  AND (p.isfriend AND c.friend OR p.isfamily AND c.family)))"""


def photo(call: Call, argument: str = "photo_id") -> Row:
    """The photo that an argument names, where the caller may see it."""
    number = call.text(argument)
    row = _photo(call, number) if number.isdecimal() and len(number) < LONGEST_ID else None
    if row is None:
        raise call.unknown(argument)
    return row


def own_photo(call: Call, argument: str = "photo_id") -> Row:
    """The photo that an argument names, where it is the caller's own."""
    row = photo(call, argument)
    if row["owner"] != call.caller.nsid:
        raise call.unknown(argument)
    return row


def _photo(call: Call, number: str) -> Row | None:
    return call.store.one(
        f"SELECT p.* FROM photos p WHERE p.id = :id AND {VISIBLE}",
        id=int(number),
        caller=call.caller.nsid,
    )


def person(call: Call, argument: str = "user_id", default: str | None = None) -> Row:
    """The person that an argument names by NSID, `me` being the caller.

    `default` stands for an argument that is not there. Raises the method's failure for a person
    that there is not, code 5 for one who has gone where the method declares that, and 99 for `me`
    without a login.
    """
    given = call.text(argument) or default or ""
    if given == "me":
        if call.caller.nsid is None:
            raise call.fail(99)
        given = call.caller.nsid
    row = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=given)
    if row is None:
        raise call.unknown(argument)
    if row["is_deleted"]:
        declared = {error.code for error in call.method.errors if "deleted" in error.message}
        raise call.fail(declared.pop()) if declared else call.unknown(argument)
    return row


def caller(call: Call) -> Row:
    """The person who calls; for methods that need a login."""
    row = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=call.me)
    assert row is not None
    return row


def person_or_caller(call: Call) -> Row:
    """The person that `user_id` names, the caller where it names nobody.

    Raises the method's failure for an unknown person where there is neither.
    """
    if not call.text("user_id") and call.caller.nsid is None:
        raise call.unknown("user_id")
    return person(call, default="me")


# How near a person stands to an owner; `permcomment` and `permaddmeta` name the farthest who may.
NOBODY, FRIENDS_AND_FAMILY, CONTACTS, EVERYBODY = range(4)

# Whether the caller may see where a photo `p` was taken.
LOCATION_VISIBLE = """(p.geo_public OR p.owner = :caller OR EXISTS (
  SELECT 1 FROM contacts g WHERE g.owner = p.owner AND g.contact = :caller
  AND (p.geo_contact OR p.geo_friend AND g.friend OR p.geo_family AND g.family)))"""


def has_permission(call: Call, photo: Row, permission: str) -> bool:
    """Whether the caller may comment (`permcomment`) or add notes and tags (`permaddmeta`)."""
    nsid = call.caller.nsid
    if nsid is None or nsid == photo["owner"]:
        return nsid is not None
    level = photo[permission]
    if level in (NOBODY, EVERYBODY):
        return bool(level == EVERYBODY)
    seen = call.store.one(
        "SELECT friend OR family AS near FROM contacts WHERE owner = :owner AND contact = :nsid",
        owner=photo["owner"],
        nsid=nsid,
    )
    return bool(seen) and (level == CONTACTS or bool(seen["near"]))  # type: ignore[index]


def may_see_location(call: Call, photo: Row) -> bool:
    """Whether a photo has a location that the caller may see."""
    if photo["latitude"] is None or photo["geo_public"] or photo["owner"] == call.caller.nsid:
        return photo["latitude"] is not None
    found = call.store.value(
        f"SELECT {LOCATION_VISIBLE} FROM photos p WHERE p.id = :id",
        id=photo["id"],
        caller=call.caller.nsid,
    )
    return bool(found)
