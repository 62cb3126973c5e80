"""New photos of contacts: `getContactsPhotos` and `getContactsPublicPhotos`."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.listing import Page, Query
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

COUNT, MOST = 10, 50
BEFORE_OWNER = ("id", "secret", "server", "farm")


@answers("photos.getContactsPhotos")
def get_contacts_photos(call: Call) -> Answer:
    """The newest photos of the caller's contacts, as far as the caller may see them."""
    return _newest(Query(call), call.me)


@answers("photos.getContactsPublicPhotos")
def get_contacts_public_photos(call: Call) -> Answer:
    """The newest public photos of anybody's contacts."""
    whose = find.person(call)["nsid"]
    return _newest(Query(call).where("p.ispublic"), whose)


def _newest(query: Query, whose: str) -> Answer:
    call = query.call
    near = " AND (k.friend OR k.family)" if call.flag("just_friends") else ""
    own = " OR p.owner = :whose" if call.flag("include_self") else ""
    # The sign keeps SQLite from sorting all photos of all contacts: it walks back in time.
    query.where(
        "(+p.owner IN (SELECT k.contact FROM contacts k WHERE k.owner = :whose AND NOT k.ignored"
        f"{near}){own})",
        whose=whose,
    )
    if call.flag("single_photo"):
        query.where(
            "p.id = (SELECT l.id FROM photos l WHERE l.owner = p.owner AND l.ispublic"
            " ORDER BY l.posted DESC, l.id DESC LIMIT 1)"
        )
    count = MOST if call.flag("single_photo") else call.number("count", COUNT, 1, MOST)
    photos = [_listed(call, photo) for photo in query.photos(Page(1, count))]
    told = {"total": len(photos), "page": 1, "per_page": count, "pages": int(bool(photos))}
    return {"photos": {"photo": photos} | told}


def _listed(call: Call, photo: Answer) -> Answer:
    name = call.store.value("SELECT username FROM people WHERE nsid = :nsid", nsid=photo["owner"])
    head = {key: photo[key] for key in BEFORE_OWNER}
    return head | {"owner": photo["owner"], "username": name} | photo
