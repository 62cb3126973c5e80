"""`flickr.panda.*`: streams of photos that three pandas pick."""

from __future__ import annotations

from dataclasses import replace

from flickr_sandbox.answers.listing import Query, page
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

PANDAS = ("ling ling", "hsing hsing", "wang wang")
INTERVAL = 60000  # ms until a panda has new photos


@answers("panda.getList", kept=False)
def get_list(call: Call) -> Answer:
    """The names of the pandas."""
    return {"pandas": {"panda": [{"_content": name} for name in PANDAS]}}


@answers("panda.getPhotos")
def get_photos(call: Call) -> Answer:
    """The public and safe photos that a panda likes: of three photos each likes one."""
    name = call.text("panda_name")
    if name not in PANDAS:
        raise call.unknown("panda_name")
    extras = f"{call.text('extras')},owner_name"
    query = Query(replace(call, arguments={**call.arguments, "extras": extras}))
    query.where("p.ispublic AND p.safety_level = 0")
    query.where("p.id % 3 = :panda", panda=PANDAS.index(name))
    newest = call.store.value(
        "SELECT max(posted) FROM photos p WHERE p.ispublic AND p.id % 3 = :panda", **query.values
    )
    return {
        "photos": {
            "interval": INTERVAL,
            "lastupdate": (newest or 0) * 1000,
            "total": query.count(),
            "panda": name,
            "photo": query.photos(page(call)),
        }
    }
