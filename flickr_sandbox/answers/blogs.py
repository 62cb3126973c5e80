"""`flickr.blogs.*`: the blogs that photos can be posted to."""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

SERVICES = (
    ("beta.blogger.com", "Blogger"),
    ("Typepad", "Typepad"),
    ("MovableType", "Movable Type"),
    ("LiveJournal", "LiveJournal"),
    ("MetaWeblogAPI", "Wordpress"),
    ("MetaWeblogAPI", "MetaWeblogAPI"),
    ("Manila", "Manila"),
    ("AtomAPI", "AtomAPI"),
    ("BloggerAPI", "BloggerAPI"),
    ("Vox", "Vox"),
    ("Twitter", "Twitter"),
)


@answers("blogs.getServices", stateful=False)
def get_services(call: Call) -> Answer:
    """Return the blog services."""
    return {"services": {"service": [{"id": id_, "_content": name} for id_, name in SERVICES]}}


@answers("blogs.getList")
def get_list(call: Call) -> Answer:
    """Return the caller's blogs, or those with the service `service`."""
    items = [
        {
            "id": str(row["id"]),
            "name": row["name"],
            "service": row["service"],
            "needspassword": str(row["needspassword"]),
            "url": row["url"],
        }
        for row in _blogs(call, call.text("service"))
    ]
    return {"blogs": {"blog": items}}


@answers("blogs.postPhoto", stateful=False)
def post_photo(call: Call) -> Answer:
    """Check that a photo can be posted to a blog; nothing is posted."""
    given, service = call.text("blog_id"), call.text("service")
    found = [row for row in _blogs(call, service) if given in ("", str(row["id"]))]
    if not found or not (given or service):
        raise call.fail(1)
    if not find.photo(call)["ispublic"]:
        raise call.fail(2)
    if found[0]["needspassword"] and not call.text("blog_password"):
        raise call.fail(3)
    return {}


def _blogs(call: Call, service: str) -> list[Row]:
    return call.store.all(
        "SELECT * FROM blogs WHERE owner = :me AND :service IN ('', service) ORDER BY id",
        me=call.me,
        service=service,
    )
