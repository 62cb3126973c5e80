"""The records of a library of one's own: their keys, and the kinds of their values."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flickr_sandbox.own_library.document import Document, Place
from flickr_sandbox.own_library.values import (
    Convert,
    Invalid,
    alias,
    choice,
    degrees,
    file_name,
    flag,
    full_text,
    integer,
    local_time,
    moment,
    nsid,
    reference,
    show,
    text,
)

Record = dict[str, Any]
MOST_ID = 10**15


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of one kind."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Schema:
    """The keys of a record, with their kinds; `required` names the keys that must be present."""

    keys: Mapping[str, Kind]
    required: tuple[str, ...] = ()


Kind = Convert | Many | Schema

PRIVACY = {
    "public": (1, 0, 0),
    "friends": (0, 1, 0),
    "family": (0, 0, 1),
    "friends and family": (0, 1, 1),
    "private": (0, 0, 0),
}
COMMENT = Schema(
    {"author": reference, "text": full_text, "created": moment}, required=("author", "text")
)
PERSON = Schema(
    {
        "username": full_text,
        "alias": alias,
        "nsid": nsid,
        "realname": text,
        "location": text,
        "description": text,
        "email": text,
        "pro": flag,
        "deleted": flag,
        "contacts": Many(reference),
        "friends": Many(reference),
        "family": Many(reference),
    },
    required=("username",),
)
PHOTO = Schema(
    {
        "name": full_text,
        "id": integer(1, MOST_ID),
        "owner": reference,
        "file": file_name,
        "title": text,
        "description": text,
        "tags": Many(full_text),
        "posted": moment,
        "taken": local_time,
        "license": integer(0, 16),
        "privacy": choice(PRIVACY),
        "safety": choice({"safe": 0, "moderate": 1, "restricted": 2}),
        "content": choice({"photo": 0, "screenshot": 1, "other": 2, "virtual": 3}),
        "location": Schema(
            {
                "latitude": degrees(90),
                "longitude": degrees(180),
                "accuracy": integer(1, 16),
            },
            required=("latitude", "longitude"),
        ),
        "views": integer(0, 10**12),
        "exif": choice({word: word for word in ("shown", "hidden", "none")}),
        "favorites": Many(reference),
        "comments": Many(COMMENT),
    }
)
PHOTOSET = Schema(
    {
        "title": full_text,
        "description": text,
        "owner": reference,
        "photos": Many(reference),
        "primary": reference,
        "created": moment,
        "comments": Many(COMMENT),
    },
    required=("title", "photos"),
)
GROUP = Schema(
    {
        "name": full_text,
        "alias": alias,
        "nsid": nsid,
        "description": text,
        "rules": text,
        "privacy": choice({"private": 1, "by invitation": 2, "public": 3}),
        "members": Many(reference),
        "photos": Many(reference),
    },
    required=("name",),
)
LIBRARY = Schema(
    {
        "people": Many(PERSON),
        "photos": Many(PHOTO),
        "sets": Many(PHOTOSET),
        "groups": Many(GROUP),
    },
    required=("people",),
)


def read(document: Document, kind: Kind, place: Place, value: Any) -> Any:
    """Convert a value; note its problems in the document, and leave out what is invalid."""
    if isinstance(kind, Many):
        if not isinstance(value, list | tuple):
            document.add_problem(place, f"{show(value)} is not a list")
            return []
        return [read(document, kind.kind, (*place, n), item) for n, item in enumerate(value)]
    if isinstance(kind, Schema):
        return _read_record(document, kind, place, value)
    try:
        return kind(value)
    except Invalid as invalid:
        document.add_problem(place, str(invalid))
        return None


def _read_record(document: Document, schema: Schema, place: Place, value: Any) -> Record:
    if not isinstance(value, Mapping):
        document.add_problem(place, f"{show(value)} is not a mapping of {_names(schema)}")
        return {}
    for name in schema.required:
        if name not in value:
            document.add_problem(place, f"{name!r} is missing")
    return dict(_read_keys(document, schema, place, value))


def _read_keys(
    document: Document, schema: Schema, place: Place, value: Mapping[Any, Any]
) -> Iterator[tuple[str, Any]]:
    for name, given in value.items():
        if name in schema.keys:
            converted = read(document, schema.keys[name], (*place, name), given)
            if converted is not None:
                yield name, converted
            continue
        near = difflib.get_close_matches(str(name), schema.keys, 1)
        use = near[0] if near else _names(schema)
        document.add_problem((*place, str(name)), f"unknown key: use {use}")


def _names(schema: Schema) -> str:
    return ", ".join(schema.keys)
