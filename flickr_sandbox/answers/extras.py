"""A photo in a listing, with the fields that `extras` adds to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flickr_sandbox import gazetteer
from flickr_sandbox.answers.find import may_see_location
from flickr_sandbox.answers.person_fields import shows_name
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.sizes import find_size, original, path
from flickr_sandbox.store import Row

# The columns of a listing's query: the photo `p`, and its owner `o`.
COLUMNS = "p.*, o.username, o.realname, o.hides_name, o.path_alias, o.iconserver, o.iconfarm"
# A left join, so that SQLite skips the owner in queries that only count photos.
OWNER = "LEFT JOIN people o ON o.nsid = p.owner"
TABLES = f"photos p {OWNER}"


def photo_item(call: Call, row: Row) -> Answer:
    """Return a row of `COLUMNS` as an item of a listing."""
    photo = {
        "id": str(row["id"]),
        "owner": row["owner"],
        "secret": row["secret"],
        "server": row["server"],
        "farm": row["farm"],
        "title": row["title"],
        "ispublic": row["ispublic"],
        "isfriend": row["isfriend"],
        "isfamily": row["isfamily"],
    }
    for name in call.items("extras"):
        if name.startswith("url_"):
            photo |= _address(call, row, name.removeprefix("url_"))
        elif name in _EXTRAS:
            photo |= _EXTRAS[name](call, row)
    return photo


def may_download(call: Call, row: Row) -> bool:
    """Return True if the caller may download the original: their own, or with an open license."""
    return bool(row["owner"] == call.caller.nsid or row["license"])


def _address(call: Call, row: Row, extra: str) -> Answer:
    if extra == "o":
        found = original(row) if may_download(call, row) else None
    else:
        found = find_size(row, extra)
    if not found:
        return {}
    return {
        f"url_{extra}": call.file_base + path(row, found.kind),
        f"height_{extra}": found.height,
        f"width_{extra}": found.width,
    }


def location_fields(call: Call, row: Row) -> Answer:
    """Return a photo's location; zeros if it is unknown, or the caller may not see it."""
    if not may_see_location(call, row):
        return {"latitude": 0, "longitude": 0, "accuracy": 0, "context": 0}
    return {
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "accuracy": str(row["accuracy"]),
        "context": row["geo_context"],
        **_place(row),
        "geo_is_family": row["geo_family"],
        "geo_is_friend": row["geo_friend"],
        "geo_is_contact": row["geo_contact"],
        "geo_is_public": row["geo_public"],
    }


def _place(row: Row) -> Answer:
    place = gazetteer.place_at(row["latitude"], row["longitude"])
    return {"place_id": place.place_id, "woeid": str(place.woeid)} if place else {}


def _date_taken(call: Call, row: Row) -> Answer:
    """Return when a photo was taken. Flickr sends the granularity of a known date as text."""
    unknown = row["takenunknown"]
    return {
        "datetaken": row["taken"],
        "datetakengranularity": row["takengranularity"]
        if unknown
        else str(row["takengranularity"]),
        "datetakenunknown": str(unknown),
    }


def _original_format(call: Call, row: Row) -> Answer:
    if not may_download(call, row):
        return {}
    return {"originalsecret": row["originalsecret"], "originalformat": row["originalformat"]}


def _dimensions(call: Call, row: Row) -> Answer:
    if not may_download(call, row):
        return {}
    size = original(row)
    return {"o_width": str(size.width), "o_height": str(size.height)}


def _real_name(call: Call, row: Row) -> Answer:
    return {"realname": row["realname"]} if shows_name(call, row, row["owner"]) else {}


def _machine_tags(call: Call, row: Row) -> Answer:
    found = call.store.all(
        "SELECT tag FROM photo_tags WHERE photo = :id AND machine_tag", id=row["id"]
    )
    return {"machine_tags": " ".join(tag["tag"] for tag in found)}


def _count(name: str, table: str) -> Callable[[Call, Row], Answer]:
    def count(call: Call, row: Row) -> Answer:
        found: Any = call.store.value(
            f"SELECT count(*) FROM {table} WHERE photo = :id", id=row["id"]
        )
        return {name: str(found)}

    return count


_EXTRAS: dict[str, Callable[[Call, Row], Answer]] = {
    "description": lambda _, row: {"description": {"_content": row["description"]}},
    "license": lambda _, row: {"license": str(row["license"])},
    "date_upload": lambda _, row: {"dateupload": str(row["posted"])},
    "date_taken": _date_taken,
    "owner_name": lambda _, row: {"ownername": row["username"]},
    "icon_server": lambda _, row: {"iconserver": row["iconserver"], "iconfarm": row["iconfarm"]},
    "original_format": _original_format,
    "last_update": lambda _, row: {"lastupdate": str(row["lastupdate"])},
    "geo": location_fields,
    "tags": lambda _, row: {"tags": row["tags"]},
    "machine_tags": _machine_tags,
    "o_dims": _dimensions,
    "views": lambda _, row: {"views": str(row["views"])},
    "media": lambda _, row: {"media": row["media"], "media_status": row["video_state"]},
    "path_alias": lambda _, row: {"pathalias": row["path_alias"]},
    "safety_level": lambda _, row: {"safety_level": row["safety_level"]},
    "realname": _real_name,
    "count_views": lambda _, row: {"count_views": str(row["views"])},
    "count_comments": _count("count_comments", "comments"),
    "count_faves": _count("count_faves", "favorites"),
}
