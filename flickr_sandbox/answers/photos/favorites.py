"""`flickr.photos.getFavorites`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.listing import page
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

COUNT, MOST = 10, 50


@answers("photos.getFavorites")
def get_favorites(call: Call) -> Answer:
    """Whose favourite a photo is, the newest first."""
    photo = find.photo(call)
    total = call.store.value("SELECT count(*) FROM favorites WHERE photo = :id", id=photo["id"])
    wanted = page(call, COUNT, MOST).within(total)
    rows = call.store.all(
        "SELECT f.faved, q.* FROM favorites f JOIN people q ON q.nsid = f.person"
        " WHERE f.photo = :id ORDER BY f.faved DESC, q.nsid LIMIT :size OFFSET :start",
        id=photo["id"],
        size=wanted.size,
        start=wanted.start,
    )
    people = [
        {
            "nsid": row["nsid"],
            "username": row["username"],
            "favedate": str(row["faved"]),
            "iconserver": row["iconserver"],
            "iconfarm": row["iconfarm"],
        }
        for row in rows
    ]
    return {
        "photo": {
            "person": people,
            "id": str(photo["id"]),
            "secret": photo["secret"],
            "server": photo["server"],
            "farm": photo["farm"],
            "page": wanted.number,
            "pages": -(-total // wanted.size),
            "perpage": wanted.size,
            "total": str(total),
        }
    }
