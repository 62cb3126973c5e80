"""Receive an uploaded file, and read the form's fields that describe the photo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader

from flickr_sandbox.call import TRUE, Failure
from flickr_sandbox.store import Row
from flickr_sandbox.upload.files import Draft
from flickr_sandbox.upload.media import HEAD, FileKind, kind_of

CHUNK = 256 * 1024
# Codes and messages of Flickr's errors.
NO_PHOTO = (2, "No photo specified")
GENERAL = (3, "General upload failure")
EMPTY = (4, "Filesize was zero")
UNKNOWN_TYPE = (5, "Filetype was not recognised")
OVER_LIMIT = (6, "User exceeded upload limit")
TOO_BIG = (8, "Filesize was too large")
# Public, friend and family, by a person's default privacy (1 to 5).
_PRIVACY = {1: (1, 0, 0), 2: (0, 1, 0), 3: (0, 0, 1), 4: (0, 1, 1), 5: (0, 0, 0)}


@dataclass(slots=True)
class IncomingFile:
    """The file in the field `photo`; `size` is in bytes, `name` is the client's file name."""

    draft: Draft
    is_present: bool = False
    name: str = ""
    size: int = 0
    head: bytes = field(default=b"", repr=False)

    async def receive(self, part: BodyPartReader) -> None:
        """Write a part to the draft. A file of an unknown kind, or too big, is read but not written."""
        self.is_present = True
        self.name = part.filename or ""
        while chunk := bytes(await part.read_chunk(CHUNK)):
            content = bytes(part.decode(chunk))
            self.head += content[: HEAD - len(self.head)]
            self.size += len(content)
            kind = kind_of(self.head)
            if len(self.head) < HEAD or (kind and self.size <= kind.largest):
                self.draft.write(content)
        self.draft.close()

    def check(self) -> FileKind:
        """Return the kind of the file. Raises `Failure` 2, 4, 5 or 8 if Flickr does not accept it."""
        if not self.is_present:
            raise Failure(*NO_PHOTO)
        if not self.size:
            raise Failure(*EMPTY)
        kind = kind_of(self.head)
        if kind is None:
            raise Failure(*UNKNOWN_TYPE)
        if self.size > kind.largest:
            raise Failure(*TOO_BIG)
        return kind


def title(fields: Mapping[str, str], name: str) -> str:
    """Return the field `title`, or the file name without its folder and extension."""
    if "title" in fields:
        return fields["title"].strip()
    return re.sub(r"(?<=.)\.[^.]*$", "", name.rpartition("/")[2]).strip()


def columns(fields: Mapping[str, str], person: Row) -> dict[str, Any]:
    """Return columns of `photos` from the fields, or from the person's settings."""
    public, friend, family = _privacy(fields, person["default_privacy"])
    return {
        "description": fields.get("description", "").strip(),
        "ispublic": public,
        "isfriend": friend,
        "isfamily": family,
        "safety_level": _choice(fields, "safety_level", person["default_safety_level"], 3) - 1,
        "content_type": _choice(fields, "content_type", person["default_content_type"], 4) - 1,
        "hidden": _choice(fields, "hidden", person["default_hidden"], 2) - 1,
    }


def _privacy(fields: Mapping[str, str], default: int) -> tuple[int, int, int]:
    names = ("is_public", "is_friend", "is_family")
    given = [fields.get(name, "").strip().lower() for name in names]
    if not any(given):
        return _PRIVACY.get(default, _PRIVACY[1])
    public, friend, family = (int(value in TRUE) for value in given)
    return public, friend * (1 - public), family * (1 - public)


def _choice(fields: Mapping[str, str], name: str, default: int, most: int) -> int:
    given = fields.get(name, "").strip()
    is_one = len(given) == 1 and given in "1234"[:most]
    return int(given) if is_one else min(max(default, 1), most)
