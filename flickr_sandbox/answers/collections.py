"""`flickr.collections.*`"""

from __future__ import annotations

from flickr_sandbox.answers import find
from flickr_sandbox.answers.addresses import photo_page
from flickr_sandbox.answers.extras import COLUMNS, photo_item
from flickr_sandbox.answers.find import person_or_caller
from flickr_sandbox.answers.listing import Page, Query
from flickr_sandbox.answers.photosets.sets import IN_SET, may_see
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

ROOT = "0"
# The default icons, until the owner makes a mosaic on Flickr's site.
ICON = "/images/collection_default_{size}.gif"
_MOSAIC = Page(1, 12)


@answers("collections.getInfo")
def get_info(call: Call) -> Answer:
    """Return one of the caller's collections, with the photos of its icon."""
    collection = _collection(call, call.me)
    return {
        "collection": {
            "id": collection["id"],
            "child_count": _child_count(call, collection),
            "datecreate": str(collection["created"]),
            **_icons(call),
            "server": "0",
            "secret": "0",
            "title": {"_content": collection["title"]},
            "description": {"_content": collection["description"]},
            "iconphotos": {"photo": _icon_photos(call, collection)},
        }
    }


@answers("collections.getTree")
def get_tree(call: Call) -> Answer:
    """Return the tree of a person's collections and sets, or the part below one collection."""
    owner = person_or_caller(call)["nsid"]
    if call.text("collection_id", ROOT) != ROOT:
        return {"collections": {"collection": [_tree(call, _collection(call, owner))]}}
    top = call.store.all(
        "SELECT * FROM collections WHERE owner = :owner AND parent IS NULL ORDER BY position",
        owner=owner,
    )
    content = {"collection": [_tree(call, collection) for collection in top]} if top else {}
    return {"collections": content}


def _icons(call: Call) -> Answer:
    return {
        name: call.base + ICON.format(size=size)
        for name, size in (("iconlarge", "l"), ("iconsmall", "s"))
    }


def _collection(call: Call, owner: str) -> Row:
    rows = call.store.all("SELECT * FROM collections WHERE owner = :owner", owner=owner)
    wanted = find.parse_last_id(call.text("collection_id"))
    found = next((row for row in rows if find.parse_last_id(row["id"]) == wanted), None)
    if found is None:
        raise call.unknown("collection_id")
    return found


def _tree(call: Call, collection: Row) -> Answer:
    answer = {
        "id": collection["id"],
        "title": collection["title"],
        "description": collection["description"],
        **_icons(call),
    }
    if sets := _sets(call, collection):
        answer["set"] = [
            {"id": str(row["id"]), "title": row["title"], "description": row["description"]}
            for row in sets
        ]
    if children := _children(call, collection):
        answer["collection"] = [_tree(call, child) for child in children]
    return answer


def _sets(call: Call, collection: Row) -> list[Row]:
    rows = call.store.all(
        "SELECT s.* FROM collection_sets c JOIN photosets s ON s.id = c.photoset"
        " WHERE c.collection = :id ORDER BY c.position",
        id=collection["id"],
    )
    return [row for row in rows if may_see(call, row)]


def _children(call: Call, collection: Row) -> list[Row]:
    return call.store.all(
        "SELECT * FROM collections WHERE parent = :id ORDER BY position", id=collection["id"]
    )


def _child_count(call: Call, collection: Row) -> int:
    return len(_sets(call, collection)) + len(_children(call, collection))


def _icon_photos(call: Call, collection: Row) -> list[Answer]:
    query = Query(
        call,
        tables=f"collection_sets c JOIN {IN_SET}",
        columns=COLUMNS,
        order="s.position, c.position",
    )
    query.where("c.photoset = s.photoset AND c.collection = :id", id=collection["id"])
    # A photo that is in two of the sets is listed once.
    photos = {row["id"]: row for row in query.rows(_MOSAIC)}.values()
    return [
        photo_item(call, row) | {"url": photo_page(call, row["owner"], row["id"])} for row in photos
    ]
