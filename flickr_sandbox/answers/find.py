"""What an argument names: its row, or the failure that the method declares where there is none."""

from __future__ import annotations

from flickr_sandbox.call import Call
from flickr_sandbox.store import Row

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
