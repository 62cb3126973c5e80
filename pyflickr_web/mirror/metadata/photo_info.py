"""The metadata of a photo: compare a listing's with a file's, and shape it like getInfo's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

Item = Mapping[str, Any]
Info = dict[str, Any]

# The extras of listings that name what a mirror compares or writes.
EXTRAS = (
    "date_upload,last_update,media,original_format,description,license,date_taken,owner_name,icon_server,"
    "geo,tags,machine_tags,o_dims,views,path_alias,count_comments,safety_level,rotation"
)
# The fields of a listing that getInfo has too, with the keys to them.
_FIELDS: dict[str, tuple[str, ...]] = {
    "secret": ("secret",),
    "server": ("server",),
    "originalsecret": ("originalsecret",),
    "originalformat": ("originalformat",),
    "license": ("license",),
    "safety_level": ("safety_level",),
    "rotation": ("rotation",),
    "title": ("title", "_content"),
    "description": ("description", "_content"),
    "ispublic": ("visibility", "ispublic"),
    "isfriend": ("visibility", "isfriend"),
    "isfamily": ("visibility", "isfamily"),
    "dateupload": ("dates", "posted"),
    "datetaken": ("dates", "taken"),
    "datetakengranularity": ("dates", "takengranularity"),
    "lastupdate": ("dates", "lastupdate"),
    "count_comments": ("comments", "_content"),
    "media": ("media",),
}
SITE = "https://www.flickr.com"
# Flickr gives coordinates with up to six decimals.
_SMALLEST_ANGLE = 1e-6
_NOT_IN_TAGS = re.compile(r"[^\w]|_")


def shape_info(item: Item) -> Info:
    """Return the metadata of an item of a listing in the shape of getInfo's.

    Raw tags, notes and permissions are unknown to listings: tags have their clean form in both fields,
    and there are no notes.
    """
    owner = item.get("owner") or ""
    info: Info = {
        "id": item["id"],
        "secret": item.get("secret", ""),
        "server": item.get("server", ""),
        "farm": item.get("farm", 0),
        "dateuploaded": _text(item.get("dateupload")),
        "isfavorite": 0,
        "license": _text(item.get("license", 0)),
        "safety_level": _text(item.get("safety_level", 0)),
        "rotation": item.get("rotation", 0),
    }
    info |= {name: item[name] for name in ("originalsecret", "originalformat") if name in item}
    info |= {
        "owner": {
            "nsid": owner,
            "username": item.get("ownername", ""),
            "realname": "",
            "location": "",
            "iconserver": _text(item.get("iconserver", 0)),
            "iconfarm": item.get("iconfarm", 0),
        },
        "title": {"_content": read_content(item.get("title"))},
        "description": {"_content": read_content(item.get("description"))},
        "visibility": {name: item.get(name, 0) for name in ("ispublic", "isfriend", "isfamily")},
        "dates": {
            "posted": _text(item.get("dateupload")),
            "taken": _text(item.get("datetaken")),
            "takengranularity": int(_number(item.get("datetakengranularity"))),
            "takenunknown": _text(item.get("datetakenunknown", 0)),
            "lastupdate": _text(item.get("lastupdate")),
        },
        "views": _text(item.get("views", 0)),
        "comments": {"_content": _text(item.get("count_comments", 0))},
        "notes": {"note": []},
        "people": {"haspeople": 0},
        "tags": {"tag": _shape_tags(item, owner)},
    }
    if has_location(item):
        names = ("latitude", "longitude", "accuracy", "context")
        info["location"] = {name: _text(item.get(name, 0)) for name in names}
    info["urls"] = {"url": [{"type": "photopage", "_content": find_page(item)}]}
    info["media"] = item.get("media", "photo")
    return info


def find_page(item: Item) -> str:
    """Return the address of the page of a photo in a listing."""
    return f"{SITE}/photos/{item.get('pathalias') or item.get('owner') or ''}/{item['id']}/"


def has_location(item: Item) -> bool:
    """Return True if an item of a listing has a location: without one, all fields are 0."""
    return any(_number(item.get(name)) for name in ("latitude", "longitude", "accuracy"))


def find_differences(item: Item, info: Item) -> set[str]:
    """Return the fields of a listing's item that differ from a photo's metadata.

    Fields that the item lacks are not compared, nor are the number of views, and the owner's name and
    icon: these are the same for all photos.
    """
    found = {
        name
        for name, keys in _FIELDS.items()
        if name in item and read_content(item[name]) != _text(_value(info, keys))
    }
    if "tags" in item and _listed_tags(item) != _info_tags(info):
        found.add("tags")
    if "latitude" in item and not _has_equal_location(item, info):
        found.add("latitude")
    taken_unknown = _value(info, ("dates", "takenunknown"))
    if taken_unknown is not None and not _equals(item, "datetakenunknown", taken_unknown):
        found.add("datetakenunknown")
    return found


def has_new_original(differences: set[str]) -> bool:
    """Return True if a photo's original was replaced: Flickr gives it a new secret."""
    return not differences.isdisjoint(["originalsecret", "originalformat"])


def has_new_sizes(differences: set[str]) -> bool:
    """Return True if a photo's smaller sizes are new: it was replaced, or rotated."""
    return not differences.isdisjoint(["secret", "rotation"])


def count_comments(source: Item) -> int:
    """Return the number of comments in an item of a listing, or in getInfo's metadata; 0 if unknown."""
    found = source.get("count_comments", _value(source, ("comments", "_content")))
    return int(_number(found))


def _shape_tags(item: Item, owner: str) -> list[Info]:
    machine_tags = set(str(item.get("machine_tags") or "").split())
    return [
        {
            "id": "",
            "author": owner,
            "raw": tag,
            "_content": tag,
            "machine_tag": int(tag in machine_tags),
        }
        for tag in str(item.get("tags") or "").split()
    ]


def _listed_tags(item: Item) -> set[str]:
    return {clean_tag(tag) for tag in str(item.get("tags") or "").split()} - {""}


def _info_tags(info: Item) -> set[str]:
    tags = _value(info, ("tags", "tag"))
    rows = tags if isinstance(tags, list) else []
    return {clean_tag(_text(row.get("_content"))) for row in rows if isinstance(row, dict)} - {""}


def clean_tag(tag: str) -> str:
    """Return the letters and digits of a tag: listings have those of machine tags in other forms."""
    return _NOT_IN_TAGS.sub("", tag.lower())


def _has_equal_location(item: Item, info: Item) -> bool:
    location = info.get("location")
    if not isinstance(location, dict):
        return not has_location(item)
    permissions = info.get("geoperms")
    if isinstance(permissions, Mapping) and not all(
        _equals(item, f"geo_is_{name}", permissions.get(f"is{name}"))
        for name in ("public", "contact", "friend", "family")
    ):
        return False
    return _equals(item, "context", location.get("context")) and all(
        abs(_number(item.get(name)) - _number(location.get(name))) <= _SMALLEST_ANGLE
        for name in ("latitude", "longitude", "accuracy")
    )


def _equals(item: Item, name: str, value: Any) -> bool:
    """Return True if an item has no number of this name, or the same one as the metadata."""
    return name not in item or _number(item[name]) == _number(value)


def _value(info: Item, keys: tuple[str, ...]) -> Any:
    found: Any = info
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def read_content(value: Any) -> str:
    """Return a text that an answer has plainly or as `_content`."""
    return _text(value.get("_content") if isinstance(value, Mapping) else value)


def _text(value: Any) -> str:
    """Return a value as text: the types of Flickr's numbers and flags vary."""
    if isinstance(value, bool):
        return str(int(value))
    return "" if value is None else str(value)


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return number if isfinite(number) else 0.0
