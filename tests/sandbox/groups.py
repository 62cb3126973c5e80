"""Groups of the library, their members and photos."""

from __future__ import annotations

from typing import Any

from flickr_sandbox.store.library.groups import group_nsid
from flickr_sandbox.store.library.people import nsid
from tests.sandbox.library import Library

ME = nsid(0)
LANDSCAPES, CATS, PRIVATE, INVITED, MODERATED, THROTTLED = map(group_nsid, range(6))


def members_of(library: Library, group: str, **arguments: Any) -> dict[str, str]:
    """Return the type of each member of a group, by NSID."""
    answer = library.call_signed("groups.members.getList", group_id=group, **arguments)
    return {member["nsid"]: member["membertype"] for member in answer["members"]["member"]}


def pool_photos(library: Library, group: str, **arguments: Any) -> list[str]:
    """Return the ids of photos in a pool, as the account sees it."""
    answer = library.call_signed(
        "groups.pools.getPhotos", group_id=group, per_page=500, **arguments
    )
    return [photo["id"] for photo in answer["photos"]["photo"]]


def photos_outside_pool(library: Library, group: str, owner: str = ME) -> list[str]:
    """Return ids of a person's public photos that are not in a pool."""
    rows = library.store.all(
        "SELECT id FROM photos WHERE owner = :owner AND ispublic AND media = 'photo' AND id NOT IN"
        " (SELECT photo FROM pool_photos WHERE group_nsid = :group) ORDER BY id",
        owner=owner,
        group=group,
    )
    return [str(row["id"]) for row in rows]
