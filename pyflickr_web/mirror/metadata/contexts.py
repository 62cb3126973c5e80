"""Albums and collections as a mirror has them, and the albums and groups of each photo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyflickr_web.mirror.layout import ICON_SIZES
from pyflickr_web.mirror.metadata.photo_info import read_content

Item = Mapping[str, Any]
# Counters that change without the person's doing: alone, they rewrite no file.
COUNTERS = frozenset(
    [
        "comment_count",
        "count_photo",
        "count_video",
        "count_views",
        "members",
        "pool_count",
        "view_count",
        "views",
    ]
)


def shape_album(item: Item, photo_ids: Sequence[str]) -> dict[str, Any]:
    """Return an item of `flickr.photosets.getList` with its photos' ids, in Flickr's order."""
    return {**item, "photos": list(photo_ids)}


def shape_set(item: Item) -> dict[str, Any]:
    """Return an item of `flickr.photosets.getList`, or an album's file, as getAllContexts does."""
    photos, videos = item.get("photos", 0), item.get("videos", 0)
    if isinstance(photos, list):
        # A file: its list has the videos too.
        photos = max(0, len(photos) - _count(videos))
    return {
        "title": read_content(item.get("title")),
        "id": str(item["id"]),
        "primary": item.get("primary", "0"),
        "secret": item.get("secret", ""),
        "server": item.get("server", "0"),
        "farm": item.get("farm", 0),
        "view_count": str(item.get("count_views", 0)),
        "comment_count": str(item.get("count_comments", 0)),
        "count_photo": _count(photos),
        "count_video": _count(videos),
    }


def shape_pool(group: Item) -> dict[str, Any]:
    """Return an item of `flickr.people.getGroups` in the shape of getAllContexts."""
    return {
        "title": group.get("name", ""),
        "url": f"/groups/{group['nsid']}/pool/",
        "id": group["nsid"],
        "iconserver": str(group.get("iconserver", 0)),
        "iconfarm": group.get("iconfarm", 0),
        "members": str(group.get("members", 0)),
        "pool_count": str(group.get("pool_count", 0)),
    }


def shape_collection(item: Item, icons: Mapping[str, str]) -> dict[str, Any]:
    """Return a top collection of getTree with the names of its icons, by size, in the mirror."""
    return {**item, **{f"icon{size}": f"/{name}" for size, name in icons.items()}}


def list_icon_urls(item: Item, site: str) -> dict[str, str]:
    """Return the addresses of a collection's icons by size; relative ones are below `site`."""
    urls = {size: item.get(f"icon{size}") for size in ICON_SIZES}
    return {
        size: f"{site.rstrip('/')}{url}" if url.startswith("/") else url
        for size, url in urls.items()
        if isinstance(url, str) and url
    }


def make_contexts(sets: Sequence[Item], pools: Sequence[Item]) -> dict[str, Any]:
    """Return the contexts of a photo as getAllContexts does, from its sets and pools in that shape."""
    contexts = {"set": list(sets), "pool": list(pools)}
    return {name: items for name, items in contexts.items() if items}


def read_pools(contexts: Item | None) -> list[dict[str, Any]]:
    """Return the groups in a photo's contexts, without invalid ones."""
    return _items(contexts or {}, "pool")


def find_members(holders: Iterable[tuple[Item, Iterable[str]]]) -> dict[str, list[Item]]:
    """Return the albums or groups of each photo, from the photos of each, in the order given."""
    members: dict[str, list[Item]] = {}
    for holder, photo_ids in holders:
        for photo_id in dict.fromkeys(photo_ids):
            members.setdefault(photo_id, []).append(holder)
    return members


def equals_except_counters(old: Any, new: Any) -> bool:
    """Return True if two JSON values are equal, or differ in counters only."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        names = (old.keys() | new.keys()) - COUNTERS
        return all(
            name in old and name in new and equals_except_counters(old[name], new[name])
            for name in names
        )
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(equals_except_counters, old, new))
    return bool(old == new)


def equal_contexts(old: Item | None, new: Item) -> bool:
    """Return True if contexts have the same albums and groups, in any order, except for counters.

    The addresses of groups are not compared: Flickr gives them with names that listings lack.
    """
    if old is None:
        return False
    return all(
        equals_except_counters(_by_id(old, name), _by_id(new, name)) for name in ("set", "pool")
    )


def keep_pool_urls(old: Item | None, new: Item) -> dict[str, Any]:
    """Return new contexts with the addresses of groups that the old ones have."""
    addresses = {pool["id"]: pool["url"] for pool in read_pools(old) if "url" in pool}
    pools = [
        {**pool, "url": addresses[pool["id"]]} if pool["id"] in addresses else pool
        for pool in read_pools(new)
    ]
    return {**new, "pool": pools} if pools else dict(new)


def _by_id(contexts: Item, name: str) -> dict[str, dict[str, Any]]:
    return {
        item["id"]: {key: value for key, value in item.items() if key != "url"}
        for item in _items(contexts, name)
    }


def _items(contexts: Item, name: str) -> list[dict[str, Any]]:
    """Return the albums or groups in contexts, without invalid ones."""
    items = contexts.get(name)
    rows = items if isinstance(items, list) else []
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]


def _count(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0
