"""What people may do with a photo that is not theirs."""

from __future__ import annotations

from flickr_sandbox.call import Call
from flickr_sandbox.store import Row

# How near a person stands to an owner; `permcomment` and `permaddmeta` name the farthest who may.
NOBODY, FRIENDS_AND_FAMILY, CONTACTS, EVERYBODY = range(4)

# Whether the caller may see where a photo `p` was taken.
PLACE_SHOWN = """(p.geo_public OR p.owner = :caller OR EXISTS (
  SELECT 1 FROM contacts g WHERE g.owner = p.owner AND g.contact = :caller
  AND (p.geo_contact OR p.geo_friend AND g.friend OR p.geo_family AND g.family)))"""


def may(call: Call, photo: Row, permission: str) -> bool:
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


def place_shown(call: Call, photo: Row) -> bool:
    """Whether a photo has a location that the caller may see."""
    if photo["latitude"] is None or photo["geo_public"] or photo["owner"] == call.caller.nsid:
        return photo["latitude"] is not None
    found = call.store.value(
        f"SELECT {PLACE_SHOWN} FROM photos p WHERE p.id = :id",
        id=photo["id"],
        caller=call.caller.nsid,
    )
    return bool(found)
