"""Look up the ids in arguments, or raise the failure that the method declares; check permissions.

Ids of galleries, collections and comments are accepted in full, or as the number at their end.
"""

from __future__ import annotations

from flickr_sandbox.call import Call
from flickr_sandbox.store import Row

NO_ID = -1
_MOST_DIGITS = 18  # of SQLite's integers
# In digits; SQLite's integers hold all shorter numbers.
LONGEST_ID = 19
# True if the caller may see a photo `p`; :caller is the caller's NSID, or NULL without a login.
VISIBLE = """(p.ispublic OR p.owner = :caller OR EXISTS (
  SELECT 1 FROM contacts c WHERE c.owner = p.owner AND c.contact = :caller
  AND (p.isfriend AND c.friend OR p.isfamily AND c.family)))"""
# Levels of `permcomment` and `permaddmeta`: the people who have the permission, besides the owner.
NOBODY, FRIENDS_AND_FAMILY, CONTACTS, EVERYBODY = range(4)
# True if the caller may see the location of a photo `p`.
LOCATION_VISIBLE = """(p.geo_public OR p.owner = :caller OR EXISTS (
  SELECT 1 FROM contacts g WHERE g.owner = p.owner AND g.contact = :caller
  AND (p.geo_contact OR p.geo_friend AND g.friend OR p.geo_family AND g.family)))"""


def parse_id(text: str) -> int:
    """Parse an id; return `NO_ID`, which does not exist, for any other text."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else NO_ID


def parse_last_id(text: str) -> int:
    """Parse the number at the end of an id such as `12345-72157600000000000`, or that number alone."""
    return parse_id(text.rpartition("-")[2])


def full_id(owner: str, number: int) -> str:
    """Return the full id of a person's item, from the person's NSID and the item's number."""
    return f"{owner.partition('@')[0]}-{number}"


def photo(call: Call, argument: str = "photo_id") -> Row:
    """Return the photo of an argument, if the caller may see it."""
    number = call.text(argument)
    row = _photo(call, number) if number.isdecimal() and len(number) < LONGEST_ID else None
    if row is None:
        raise call.unknown(argument)
    return row


def own_photo(call: Call, argument: str = "photo_id") -> Row:
    """Return the photo of an argument, if it is the caller's own."""
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


def person(
    call: Call, argument: str = "user_id", default: str | None = None, even_deleted: bool = False
) -> Row:
    """Return the person of an argument, an NSID or `me`; `default` replaces a missing argument.

    Raises the method's failure for an unknown person, its own failure for a deleted person if it
    declares one (unless `even_deleted`), and 99 for `me` without a login.
    """
    given = call.text(argument) or default or ""
    if given == "me":
        if call.caller.nsid is None:
            raise call.fail(99)
        given = call.caller.nsid
    row = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=given)
    if row is None:
        raise call.unknown(argument)
    if row["is_deleted"] and not even_deleted:
        declared = {error.code for error in call.method.errors if "deleted" in error.message}
        raise call.fail(declared.pop()) if declared else call.unknown(argument)
    return row


def caller(call: Call) -> Row:
    """Return the caller, for methods that need a login."""
    row = call.store.one("SELECT * FROM people WHERE nsid = :nsid", nsid=call.me)
    assert row is not None
    return row


def person_or_caller(call: Call) -> Row:
    """Return the person of `user_id`, or the caller without that argument.

    Raises the method's failure for an unknown person if there is no login either.
    """
    if not call.text("user_id") and call.caller.nsid is None:
        raise call.unknown("user_id")
    return person(call, default="me")


def has_permission(call: Call, photo: Row, permission: str) -> bool:
    """Return True if the caller may comment (`permcomment`) or add notes and tags (`permaddmeta`)."""
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
    """Return True if a photo has a location that the caller may see."""
    if photo["latitude"] is None or photo["geo_public"] or photo["owner"] == call.caller.nsid:
        return photo["latitude"] is not None
    found = call.store.value(
        f"SELECT {LOCATION_VISIBLE} FROM photos p WHERE p.id = :id",
        id=photo["id"],
        caller=call.caller.nsid,
    )
    return bool(found)
