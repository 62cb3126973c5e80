"""The fields of people that several answers have: Pro, names and time zone."""

from __future__ import annotations

import hashlib

from flickr_sandbox.call import Answer, Call
from flickr_sandbox.store import Row

# Accounts that were Pro before the prices of 2013 have their own badge.
_LEGACY = 1369008000
_YEAR = 365 * 86400  # seconds
_DUBLIN = ("GMT: Dublin, Edinburgh, Lisbon, London", "+00:00", "Europe/London", 27)
_PARIS = ("Brussels, Copenhagen, Madrid, Paris", "+01:00", "Europe/Brussels", 30)
_PACIFIC = ("Pacific Time (US & Canada); Tijuana", "-08:00", "PST8PDT", 5)
# Flickr's label, offset, name and number of a time zone, by the end of a location.
_TIMEZONES = {"UK": _DUBLIN, "Iceland": _DUBLIN, "Portugal": _DUBLIN, "USA": _PACIFIC}


def shows_name(call: Call, person: Row, nsid: str = "") -> bool:
    """Return True if the caller may see a person's real name and location.

    `nsid` is for rows without the person's NSID.
    """
    return not person["hides_name"] or (nsid or person["nsid"]) == call.caller.nsid


def real_name(call: Call, person: Row) -> str:
    """Return a person's real name; empty if the caller may not see it."""
    return str(person["realname"]) if shows_name(call, person) else ""


def location(call: Call, person: Row) -> str:
    """Return a person's location; empty if the caller may not see it."""
    return str(person["location"]) if shows_name(call, person) else ""


def pro_fields(person: Row) -> Answer:
    """Return the badge of a Pro account and the time when it ends; nothing for other accounts."""
    if not person["ispro"]:
        return {}
    if person["joined"] < _LEGACY:
        return {"pro_badge": "legacy", "expire": "0"}
    return {"pro_badge": "standard", "expire": str(person["joined"] + 20 * _YEAR)}


def benefits() -> Answer:
    """Return Flickr's offers to an account; the people of a library have none."""
    return {
        "has_adfree": 0,
        "has_free_standard_shipping": 0,
        "has_free_educational_resources": 0,
    }


def timezone(person: Row) -> Answer:
    """Return the time zone of a person; nothing without a location."""
    if not person["location"]:
        return {}
    zone = _TIMEZONES.get(person["location"].rpartition(", ")[2], _PARIS)
    return {
        "timezone": dict(zip(("label", "offset", "timezone_id", "timezone"), zone, strict=True))
    }


def hash_address(person: Row) -> str:
    """Return, as in FOAF, the hash of a mailto address; it protects no secret."""
    return hashlib.sha1(f"mailto:{person['email']}".encode()).hexdigest()


def relations(call: Call, nsid: str) -> Answer:
    """Return how the caller and a person know each other; in `rev…` from the person's side."""
    return {
        **_relation(call, call.caller.nsid, nsid, ""),
        **_relation(call, nsid, call.caller.nsid, "rev"),
    }


def _relation(call: Call, owner: str | None, contact: str | None, prefix: str) -> Answer:
    row = call.store.one(
        "SELECT * FROM contacts WHERE owner = :owner AND contact = :contact",
        owner=owner,
        contact=contact,
    )
    return {
        f"{prefix}contact": int(row is not None),
        f"{prefix}friend": row["friend"] if row else 0,
        f"{prefix}family": row["family"] if row else 0,
    }
