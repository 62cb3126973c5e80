"""The page of a photo or video."""

from __future__ import annotations

from flickr_sandbox.answers.addresses import photos_page, photoset_page
from flickr_sandbox.answers.find import VISIBLE
from flickr_sandbox.pages import listings, short
from flickr_sandbox.pages.people import display_name
from flickr_sandbox.render import render
from flickr_sandbox.sizes import Size, original, path, sizes
from flickr_sandbox.store import Row, Store

_SETS = (
    "SELECT s.* FROM photoset_photos h JOIN photosets s ON s.id = h.photoset WHERE h.photo = :id"
)
_GROUPS = f"""
SELECT g.* FROM pool_photos h JOIN groups g ON g.nsid = h.group_nsid
WHERE h.photo = :id AND {listings.GROUP_VISIBLE} ORDER BY h.added
"""
_COMMENTS = """
SELECT c.id, c.text, a.username FROM comments c JOIN people a ON a.nsid = c.author
WHERE c.photo = :id ORDER BY c.created, c.id
"""
LARGEST_SHOWN = 1024
"""The longer side of the picture in the page, in pixels, if the address names no size."""


def find_photo(store: Store, number: int, owner: str | None = None) -> Row | None:
    """Return a photo that the account may see, or None; `owner` must be its owner's NSID."""
    row = store.one(
        f"SELECT p.* FROM photos p JOIN people o ON o.nsid = p.owner"
        f" WHERE p.id = :id AND NOT o.is_deleted AND {VISIBLE}",
        id=number,
        caller=store.account()["nsid"],
    )
    return row if row is not None and owner in (None, row["owner"]) else None


def render_photo(store: Store, photo: Row, person: Row, base: str, wanted: str) -> str:
    """Render the page; `wanted` is the size that it shows, by the name in `url_…`."""
    page = f"{photos_page('', person)}{photo['id']}/"
    found = all_sizes(photo)
    shown = next((size for size in found if size.kind.extra == wanted), None)
    shown = shown or next(
        size for size in reversed(found) if 0 < size.kind.longest <= LARGEST_SHOWN
    )
    owner = display_name(person)
    values = {"id": photo["id"], "caller": store.account()["nsid"]}
    is_ready = photo["media"] == "video" and photo["video_state"] == "ready"
    tags = store.all("SELECT raw FROM photo_tags WHERE photo = :id ORDER BY number", id=photo["id"])
    return render(
        "photo.html",
        trail=[(owner, photos_page("", person))],
        photo=photo,
        title=photo["title"] or listings.UNTITLED,
        description=photo["description"],
        owner=owner,
        owner_page=photos_page("", person),
        audience=_audience(photo),
        picture=path(photo, shown.kind),
        size=shown,
        video=f"{page}play/orig/{photo['originalsecret']}/" if is_ready else None,
        short=f"{base}/p/{short.encode(photo['id'])}",
        sizes=[(size.kind.label, f"{page}sizes/{size.kind.extra}/") for size in found],
        sets=[
            (row["title"] or listings.UNTITLED, photoset_page("", person, row["id"]))
            for row in store.all(_SETS, id=photo["id"])
        ],
        groups=[
            (row["name"], f"/groups/{row['path_alias'] or row['nsid']}/")
            for row in store.all(_GROUPS, **values)
        ],
        tags=[row["raw"] for row in tags],
        comments=store.all(_COMMENTS, id=photo["id"]),
    )


def all_sizes(photo: Row) -> list[Size]:
    """Return the pictures of a photo, smallest first; a video's original is no picture."""
    return [*sizes(photo), *([original(photo)] if photo["media"] == "photo" else [])]


def _audience(photo: Row) -> str:
    if photo["ispublic"]:
        return "everybody"
    near = [name for name in ("friend", "family") if photo[f"is{name}"]]
    return " and ".join({"friend": "friends", "family": "family"}[n] for n in near) or "the owner"
