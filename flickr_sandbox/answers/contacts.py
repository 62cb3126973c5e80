"""`flickr.contacts.*`, and the listings of contacts' photos in `flickr.photos.*`"""

from __future__ import annotations

from typing import Any

from flickr_sandbox.answers import dates, find
from flickr_sandbox.answers.listing import Page, Query, page
from flickr_sandbox.answers.person_fields import location, real_name
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

HOUR = 3600
_MOST = 1000
_FILTERS = {
    "friends": "c.friend AND NOT c.family",
    "family": "c.family AND NOT c.friend",
    "both": "c.friend AND c.family",
    "neither": "NOT c.friend AND NOT c.family",
    "ff": "(c.friend OR c.family)",
}
_SORTS = {"name": "p.username, p.nsid", "time": "c.created DESC, p.nsid"}
_CONTACTS = (
    "SELECT p.*, c.friend, c.family, c.ignored, EXISTS (SELECT 1 FROM contacts r"
    " WHERE r.owner = c.contact AND r.contact = c.owner AND r.ignored) AS rev_ignored"
    " FROM contacts c JOIN people p ON p.nsid = c.contact WHERE c.owner = :owner"
)
DEFAULT_COUNT, MAX_COUNT = 10, 50
BEFORE_OWNER = ("id", "secret", "server", "farm")


@answers("contacts.getList")
def get_list(call: Call) -> Answer:
    """Return the caller's contacts, sorted by name or newest first; all, or those of `filter`."""
    sort = call.text("sort", "name")
    if sort not in _SORTS:
        raise call.fail(1, "Invalid sort parameter")
    wanted = _FILTERS.get(call.text("filter"), "1")
    rows = call.store.all(f"{_CONTACTS} AND {wanted} ORDER BY {_SORTS[sort]}", owner=call.me)
    return _contacts(call, [_contact_item(call, row) for row in rows])


@answers("contacts.getPublicList")
def get_public_list(call: Call) -> Answer:
    """Return the public contacts of a person."""
    owner = find.person(call)["nsid"]
    rows = call.store.all(f"{_CONTACTS} AND NOT c.ignored ORDER BY {_SORTS['name']}", owner=owner)
    return _contacts(call, [_basic_fields(row) | {"ignored": row["ignored"]} for row in rows])


@answers("contacts.getListRecentlyUploaded")
def get_list_recently_uploaded(call: Call) -> Answer:
    """Return the contacts who uploaded in the last hour, or since a time in the last 24 hours."""
    now = call.store.current_time()
    since = dates.unix(call.text("date_lastupload"))
    wanted = _FILTERS["ff"] if call.text("filter") == "ff" else "1"
    rows = call.store.all(
        f"SELECT * FROM (SELECT k.*, (SELECT count(*) FROM photos p WHERE p.owner = k.nsid"
        f" AND p.posted >= :since AND p.ispublic) AS uploaded FROM ({_CONTACTS} AND {wanted}) k)"
        " WHERE uploaded ORDER BY username, nsid",
        owner=call.me,
        since=now - HOUR if since is None else max(since, now - 24 * HOUR),
    )
    contacts = [
        _contact_item(call, row) | {"photos_uploaded": str(row["uploaded"])} for row in rows
    ]
    return _contacts(call, contacts)


@answers("contacts.getTaggingSuggestions")
def get_tagging_suggestions(call: Call) -> Answer:
    """Return people to tag in photos: the caller's contacts, friends and family first."""
    rows = call.store.all(
        f"{_CONTACTS} AND NOT c.ignored ORDER BY c.friend + c.family DESC, {_SORTS['name']}",
        owner=call.me,
    )
    return _contacts(call, [_friend(call, row) for row in rows])


def _contacts(call: Call, contacts: list[Answer]) -> Answer:
    wanted = page(call, _MOST, _MOST).clamp(len(contacts))
    items: dict[str, Any] = {"contact": contacts[wanted.start : wanted.start + wanted.size]}
    return {
        "contacts": {
            "page": wanted.number,
            "pages": -(-len(contacts) // wanted.size),
            "per_page": wanted.size,
            "perpage": wanted.size,
            "total": len(contacts),
            **(items if contacts else {}),
        }
    }


def _basic_fields(row: Row) -> Answer:
    return {name: row[name] for name in ("nsid", "username", "iconserver", "iconfarm")}


def _friend(call: Call, row: Row) -> Answer:
    relation = {name: row[name] for name in ("friend", "family", "path_alias")}
    return _basic_fields(row) | {"realname": real_name(call, row)} | relation


def _contact_item(call: Call, row: Row) -> Answer:
    ignored = {name: row[name] for name in ("ignored", "rev_ignored")}
    return _friend(call, row) | ignored | {"location": location(call, row)}


@answers("photos.getContactsPhotos")
def get_contacts_photos(call: Call) -> Answer:
    """Return the newest photos of the caller's contacts that the caller may see."""
    return _newest(Query(call), call.me)


@answers("photos.getContactsPublicPhotos")
def get_contacts_public_photos(call: Call) -> Answer:
    """Return the newest public photos of a person's contacts."""
    whose = find.person(call)["nsid"]
    return _newest(Query(call).where("p.ispublic"), whose)


def _newest(query: Query, whose: str) -> Answer:
    call = query.call
    close = " AND (k.friend OR k.family)" if call.flag("just_friends") else ""
    own = " OR p.owner = :whose" if call.flag("include_self") else ""
    # The plus keeps SQLite from sorting all photos of all contacts: it uses the index of time.
    query.where(
        "(+p.owner IN (SELECT k.contact FROM contacts k WHERE k.owner = :whose AND NOT k.ignored"
        f"{close}){own})",
        whose=whose,
    )
    if call.flag("single_photo"):
        query.where(
            "p.id = (SELECT l.id FROM photos l WHERE l.owner = p.owner AND l.ispublic"
            " ORDER BY l.posted DESC, l.id DESC LIMIT 1)"
        )
    count = (
        MAX_COUNT
        if call.flag("single_photo")
        else call.number("count", DEFAULT_COUNT, 1, MAX_COUNT)
    )
    photos = [_photo_of_contact(call, photo) for photo in query.photos(Page(1, count))]
    head = {"total": len(photos), "page": 1, "per_page": count, "pages": int(bool(photos))}
    return {"photos": {"photo": photos} | head}


def _photo_of_contact(call: Call, photo: Answer) -> Answer:
    name = call.store.value("SELECT username FROM people WHERE nsid = :nsid", nsid=photo["owner"])
    head = {key: photo[key] for key in BEFORE_OWNER}
    return head | {"owner": photo["owner"], "username": name} | photo
