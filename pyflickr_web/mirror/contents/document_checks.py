"""Judge the JSON files of a mirror by their content: the one rule for damaged ones, without I/O."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pyflickr_web.mirror.layout import ICON_SIZES, Kind, MirrorFile, parse_name

EMPTY = "the file is empty"
INVALID_JSON = "invalid JSON"
NO_OBJECT = "it has no JSON object"
OTHER_ITEM = "the JSON is of another item"
# The fields with the id of an item, by the kind of its file. Some programs leave the id of comments and
# EXIF data out, and contexts have none.
_ID_FIELDS: dict[Kind, tuple[str, ...]] = {
    "photo": ("id",),
    "comments": ("photo_id", "id"),
    "exif": ("photo_id", "id"),
    "photoset": ("id",),
    "collection": ("id",),
}
_OPTIONAL_IDS: tuple[Kind, ...] = ("comments", "exif")
_LONGEST_ID = 40


class DamagedDocument(Exception):
    """A JSON file is damaged. `fault` is the same text for all files with this kind of damage."""

    def __init__(self, fault: str, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else fault)
        self.fault = fault


def parse_document(content: bytes) -> dict[str, Any]:
    """Return the object in the content of a JSON file. Raises `DamagedDocument`."""
    if not content:
        raise DamagedDocument(EMPTY)
    try:
        value = json.loads(content)
    except json.JSONDecodeError as error:
        raise DamagedDocument(INVALID_JSON, f"line {error.lineno}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise DamagedDocument(INVALID_JSON, "it is not UTF-8") from error
    except RecursionError as error:
        raise DamagedDocument(INVALID_JSON, "too many levels") from error
    except ValueError as error:
        raise DamagedDocument(INVALID_JSON, str(error)) from error
    if not isinstance(value, dict):
        raise DamagedDocument(NO_OBJECT)
    return value


def check_document(file: MirrorFile, content: bytes) -> dict[str, Any]:
    """Return the object in a JSON file of a mirror. Raises `DamagedDocument`, also for another item."""
    value = parse_document(content)
    if value.get("stat") == "fail":
        raise DamagedDocument(OTHER_ITEM, "an error of Flickr")
    if file.kind == "contexts":
        if not all(isinstance(value.get(name, []), list) for name in ("set", "pool")):
            raise DamagedDocument(OTHER_ITEM, "no contexts of a photo")
        return value
    names = [name for name in _ID_FIELDS[file.kind] if name in value]
    if not names and file.kind in _OPTIONAL_IDS:
        return value
    item_id = str(value[names[0]]) if names else None
    if item_id != file.id:
        raise DamagedDocument(
            OTHER_ITEM, f"its id is {item_id[:_LONGEST_ID]!r}" if item_id else "it has no id"
        )
    return value


def list_icons(collection: Mapping[str, Any]) -> list[str]:
    """Return the names of the icons in a collection's file."""
    urls = [collection.get(f"icon{size}") for size in ICON_SIZES]
    names = [url.removeprefix("/") for url in urls if isinstance(url, str)]
    return [name for name in names if (file := parse_name(name)) and file.kind == "icon"]
