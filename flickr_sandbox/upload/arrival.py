"""A file on its way in."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import BodyPartReader

from flickr_sandbox.call import Failure
from flickr_sandbox.upload.files import Draft
from flickr_sandbox.upload.kinds import HEAD, Kind, kind_of

CHUNK = 256 * 1024
# Codes and messages of what is refused.
NO_PHOTO = (2, "No photo given")
GENERAL = (3, "General failure")
EMPTY = (4, "File of size zero")
UNKNOWN_TYPE = (5, "Filetype not recognised")
OVER_LIMIT = (6, "Over the upload limit")
TOO_BIG = (8, "File too big")


@dataclass(slots=True)
class Arrival:
    """What has come of the field `photo`; `size` is in bytes, `name` what the sender calls it."""

    draft: Draft
    came: bool = False
    name: str = ""
    size: int = 0
    head: bytes = field(default=b"", repr=False)

    async def take(self, part: BodyPartReader) -> None:
        """Write a part to the draft. What is of no known kind, or too big, is read and not written."""
        self.came = True
        self.name = part.filename or ""
        while chunk := bytes(await part.read_chunk(CHUNK)):
            content = bytes(part.decode(chunk))
            self.head += content[: HEAD - len(self.head)]
            self.size += len(content)
            kind = kind_of(self.head)
            if len(self.head) < HEAD or (kind and self.size <= kind.largest):
                self.draft.write(content)
        self.draft.close()

    def check(self) -> Kind:
        """The kind of the file. Raises `Failure` 2, 4, 5 or 8 for one that Flickr does not take."""
        if not self.came:
            raise Failure(*NO_PHOTO)
        if not self.size:
            raise Failure(*EMPTY)
        kind = kind_of(self.head)
        if kind is None:
            raise Failure(*UNKNOWN_TYPE)
        if self.size > kind.largest:
            raise Failure(*TOO_BIG)
        return kind
