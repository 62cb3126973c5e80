"""The names of a mirror's files, as in node-flickrapi's mirrors, and the parser of such names.

All names are relative to the mirror's folder, with slashes, as `SHA256SUMS` lists them. They are valid
on every system, and ids and formats of an answer cannot lead out of the folder.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal, TypeGuard
from urllib.parse import urlsplit

CHECKSUMS = "SHA256SUMS"
INDEX = "index.db"
# The ends of the names of files that SQLite keeps beside a database.
COMPANIONS = ("-journal", "-wal", "-shm")
STATE = ".mirror"
TEMPORARY = f"{STATE}/tmp"
PARTS = f"{STATE}/parts"
TRASH = ".trash"
# The tree of the person's favorites; the mirror itself has no prefix.
FAVORITES = "favorites/"

# The folders of pictures by Flickr's suffix, from the original down: the order to fetch them in.
SIZE_FOLDERS = {
    "o": "original",
    "b": "large",
    "c": "medium800",
    "z": "medium",
    "m": "small",
    "t": "thumbnail",
    "q": "square/medium",
    "s": "square/small",
}
# The order of the list `sizes` in node-flickrapi's files.
NODE_SIZES = ("s", "q", "t", "m", "z", "c", "b", "o")
ICON_SIZES = ("large", "small")

Kind = Literal["photo", "comments", "contexts", "exif", "photoset", "collection", "picture", "icon"]
# The kinds of JSON files that a photo has, its metadata first.
PHOTO_DOCUMENTS: tuple[Kind, ...] = ("photo", "comments", "contexts", "exif")
_DOCUMENTS: dict[Kind, str] = {
    "photo": "ia/photos",
    "comments": "ia/photos/comments",
    "contexts": "ia/photos/contexts",
    "exif": "ia/photos/exif",
    "photoset": "ia/photosets",
    "collection": "ia/collections",
}
# A bit for each part of a photo: a kind of document, or a size.
PART_BITS: dict[str, int] = {
    part: 1 << number for number, part in enumerate((*PHOTO_DOCUMENTS, *SIZE_FOLDERS))
}
# The kinds of all JSON files.
DOCUMENTS: tuple[Kind, ...] = tuple(_DOCUMENTS)
# The extension of all sizes but the original.
JPEG = "jpg"
_PART = ".part"
# Longer ids do not exist; SQLite and JavaScript would not hold them as numbers either.
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_NSID = re.compile(r"[0-9]{1,19}@N[0-9]{1,4}", re.ASCII)
_COLLECTION_ID = re.compile(r"[0-9]{1,19}-[1-9][0-9]{0,18}", re.ASCII)
_EXTENSION = re.compile(r"[a-z0-9]{1,5}", re.ASCII)
# An icon's name that no system changes or reserves: no dot at the ends, no capitals, no device names.
_ICON_NAME = re.compile(
    r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\.)[a-z0-9_-][a-z0-9._-]{0,95}\.[a-z0-9]{1,5}",
    re.ASCII,
)
_DOCUMENT_PATH = re.compile(
    rf"({'|'.join(sorted(_DOCUMENTS.values(), key=len, reverse=True))})/([0-9-]+)\.json", re.ASCII
)
_PICTURE_PATH = re.compile(
    rf"images/({'|'.join(SIZE_FOLDERS.values())})/([0-9]+)\.([a-z0-9]+)", re.ASCII
)
_ICON_PATH = re.compile(rf"images/icon/({'|'.join(ICON_SIZES)})/([^/]+)")
_KINDS = {folder: kind for kind, folder in _DOCUMENTS.items()}
_SUFFIXES = {folder: suffix for suffix, folder in SIZE_FOLDERS.items()}


@dataclass(frozen=True, slots=True)
class MirrorFile:
    """A file of a mirror: its kind and id; for pictures also Flickr's suffix of the size, for icons
    `large` or `small`.

    `tree` is the prefix of its tree, empty or `favorites/`. The id of an icon is its name.
    """

    kind: Kind
    id: str
    size: str = ""
    extension: str = "json"
    tree: str = ""

    @property
    def is_document(self) -> bool:
        """True for a JSON file."""
        return self.kind in _DOCUMENTS


@dataclass(frozen=True, slots=True)
class Tree:
    """The names in one tree, which begin with its `prefix`.

    All methods but `label` raise `ValueError` for an id, a size or a format that is not Flickr's.
    """

    prefix: str = ""

    def document(self, kind: Kind, item_id: str) -> str:
        """Return the name of the JSON file of a photo, its comments, a photoset and so on."""
        check_id(item_id, _COLLECTION_ID if kind == "collection" else _ID)
        return f"{self.prefix}{_DOCUMENTS[kind]}/{item_id}.json"

    def label(self, photo_id: str) -> str:
        """Return a photo's key in reports and in the journal."""
        return f"{self.prefix}{photo_id}"

    def picture(self, photo_id: str, size: str, extension: str) -> str:
        """Return the name of a picture or video; `size` is Flickr's suffix, `o` for the original."""
        check_id(photo_id)
        if not _EXTENSION.fullmatch(extension):
            raise ValueError(f"invalid format {extension!r}")
        return f"{self.folder(size)}/{photo_id}.{extension}"

    def photo_file(self, photo_id: str, part: str, extension: str = JPEG) -> str:
        """Return the name of a file of a photo; `part` is a kind of document, or a size."""
        for kind in PHOTO_DOCUMENTS:
            if part == kind:
                return self.document(kind, photo_id)
        return self.picture(photo_id, part, extension)

    def folder(self, size: str) -> str:
        """Return the folder of the pictures of a size."""
        if size not in SIZE_FOLDERS:
            raise ValueError(f"invalid size {size!r}: use one of {', '.join(SIZE_FOLDERS)}")
        return f"{self.prefix}images/{SIZE_FOLDERS[size]}"

    def document_folder(self, kind: Kind) -> str:
        """Return the folder of the JSON files of a kind."""
        return f"{self.prefix}{_DOCUMENTS[kind]}"

    def icon(self, size: str, url: str) -> str:
        """Return the name of a collection's icon: the last part of its address, or a hash of it."""
        if size not in ICON_SIZES:
            raise ValueError(f"invalid icon size {size!r}: use one of {', '.join(ICON_SIZES)}")
        try:
            name = urlsplit(url).path.rpartition("/")[2]
        except ValueError:
            name = ""
        if not _ICON_NAME.fullmatch(name):
            name = hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:32] + ".img"
        return f"{self.prefix}images/icon/{size}/{name}"


def check_id(item_id: str, pattern: re.Pattern[str] = _ID) -> None:
    """Raise `ValueError` unless an id consists of digits only, as Flickr's do."""
    if not isinstance(item_id, str) or not pattern.fullmatch(item_id):
        raise ValueError(f"invalid id {item_id!r}")


def is_photo_id(item_id: object) -> bool:
    """Return True if a value is the id of a photo or photoset."""
    return isinstance(item_id, str) and bool(_ID.fullmatch(item_id))


def is_nsid(person_id: object) -> TypeGuard[str]:
    """Return True if a value is the NSID of a person or group."""
    return isinstance(person_id, str) and bool(_NSID.fullmatch(person_id))


def parse_name(name: str) -> MirrorFile | None:
    """Return the file that a name in a mirror means; None if it is not the mirror's own."""
    tree = FAVORITES if name.startswith(FAVORITES) else ""
    rest = name.removeprefix(tree)
    if found := _DOCUMENT_PATH.fullmatch(rest):
        kind = _KINDS[found[1]]
        pattern = _COLLECTION_ID if kind == "collection" else _ID
        return MirrorFile(kind, found[2], tree=tree) if pattern.fullmatch(found[2]) else None
    if found := _PICTURE_PATH.fullmatch(rest):
        if not _ID.fullmatch(found[2]) or not _EXTENSION.fullmatch(found[3]):
            return None
        return MirrorFile("picture", found[2], _SUFFIXES[found[1]], found[3], tree)
    if (found := _ICON_PATH.fullmatch(rest)) and _ICON_NAME.fullmatch(found[2]):
        return MirrorFile("icon", found[2], found[1], found[2].rpartition(".")[2], tree)
    return None


def part_name(name: str) -> str:
    """Return the name of the incomplete file of a picture, in the same folder."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/.{file}{_PART}"


def part_state_name(name: str) -> str:
    """Return the name of the file that describes the incomplete file of a picture."""
    return f"{PARTS}/{name.replace('/', '_')}.json"


def parse_part_name(name: str) -> str | None:
    """Return the name of the picture whose incomplete file has this name; None for other files."""
    folder, _, file = name.rpartition("/")
    if not (file.startswith(".") and file.endswith(_PART)):
        return None
    target = f"{folder}/{file[1 : -len(_PART)]}"
    return target if parse_name(target) else None
