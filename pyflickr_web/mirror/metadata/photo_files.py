"""The files of a photo in an item of a listing: their addresses, and the item's short form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.mirror.layout import SIZE_FOLDERS
from pyflickr_web.mirror.metadata.photo_info import EXTRAS

Item = Mapping[str, Any]
PhotoURL = Callable[..., str | None]

# The `url_…` fields of listings by Flickr's suffix.
_URL_FIELDS = {
    "o": "url_o",
    "b": "url_l",
    "c": "url_c",
    "z": "url_z",
    "m": "url_s",
    "t": "url_t",
    "q": "url_q",
    "s": "url_sq",
}
# With the addresses, a listing tells the sizes that a photo has.
LISTING_EXTRAS = f"{EXTRAS},{','.join(_URL_FIELDS[size] for size in SIZE_FOLDERS)}"
# Every photo has this size: without its address, a listing does not tell sizes.
_SMALLEST = _URL_FIELDS["t"]
# Fields that neither a plan nor a file needs.
_NOT_KEPT = ("height_", "width_")


def shorten(item: Item, nsid: str) -> dict[str, Any]:
    """Return an item without the fields that a mirror does not need, and with its owner's NSID."""
    kept = {name: value for name, value in item.items() if not name.startswith(_NOT_KEPT)}
    return {**kept, "owner": item.get("owner") or nsid}


def list_dimensions(item: Item) -> dict[str, list[int]]:
    """Return the width and height of a photo's sizes in an item of a listing, by Flickr's suffix."""
    found: dict[str, list[int]] = {}
    for size, field in _URL_FIELDS.items():
        suffix = field.removeprefix("url_")
        names = [(f"width_{suffix}", f"height_{suffix}")]
        if size == "o":
            names.append(("o_width", "o_height"))
        for width, height in names:
            values = to_whole_number(item.get(width)), to_whole_number(item.get(height))
            if values[0] and values[1]:
                found.setdefault(size, [values[0], values[1]])
    return found


def merge_info(item: Item, info: Item) -> dict[str, Any]:
    """Return an item of a listing with the newer values of getInfo; `item` may have only an id."""
    dates: Any = info.get("dates")
    dates = dates if isinstance(dates, Mapping) else {}
    names = ("secret", "server", "originalsecret", "originalformat", "media", "rotation")
    newer = {name: info[name] for name in names if name in info}
    newer |= {"dateupload": dates.get("posted"), "lastupdate": dates.get("lastupdate")}
    comments = info.get("comments")
    if isinstance(comments, Mapping):
        newer["count_comments"] = comments.get("_content")
    merged = dict(item)
    if any(name in item and str(item[name]) != str(newer.get(name)) for name in names):
        # Its pictures changed in the meantime: so did their addresses.
        for name in _URL_FIELDS.values():
            merged.pop(name, None)
    return merged | {name: value for name, value in newer.items() if value is not None}


def find_address(item: Item, size: str, photo_url: PhotoURL) -> str | None:
    """Return the address of a photo's size; None if Flickr does not give it."""
    field = _URL_FIELDS[size]
    if size != "o" and lacks_size(item, size):
        return None
    # The address of an original in a listing may be of another format: the rule has the right one.
    rule = photo_url({name: value for name, value in item.items() if name != "url_o"}, size)
    urls = (url for url in (rule, item.get(field)) if url and isinstance(url, str))
    return next(urls, None)


def lacks_size(item: Item, size: str) -> bool:
    """Return True if an item of a listing tells that Flickr does not give a photo's size.

    Listings have no original of a video.
    """
    if is_listed(item, size) or _SMALLEST not in item:
        return False
    return size != "o" or not (item.get("originalsecret") or item.get("media") == "video")


def is_listed(item: Item, size: str) -> bool:
    """Return True if an item of a listing has the address of a photo's size."""
    return bool(item.get(_URL_FIELDS[size]))
