"""The content of a library of one's own: read a document, and check what its records refer to."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flickr_sandbox.answers.photos.tags import MOST_TAGS
from flickr_sandbox.own_library.document import Document, Place, open_document
from flickr_sandbox.own_library.schema import LIBRARY, Record, read
from flickr_sandbox.upload.media import HEAD, FileKind, Media, kind_of, read_media

KINDS = ("people", "photos", "sets", "groups")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file of a photo, which is copied into the sandbox."""

    path: Path
    kind: FileKind
    media: Media


@dataclass(frozen=True, slots=True)
class Content:
    """The checked records of a document; the first person is the account.

    In each record, references are indices of people and photos. `digest` identifies the document.
    """

    people: list[Record]
    photos: list[Record]
    sets: list[Record]
    groups: list[Record]
    digest: str


def read_content(given: Path | str | Mapping[str, Any]) -> Content:
    """Read and check a library. Raises `LibraryProblems` with all problems."""
    document = open_document(Path(given) if isinstance(given, str) else given)
    records = read(document, LIBRARY, (), document.content)
    lists = {kind: records.get(kind, []) for kind in KINDS}
    _Checker(document, lists).check()
    document.check()
    digest = hashlib.sha256(json.dumps(document.content, default=str, sort_keys=True).encode())
    return Content(**lists, digest=digest.hexdigest())


@dataclass(slots=True)
class _Checker:
    """Check the records of a document, and replace their references by indices."""

    document: Document
    lists: dict[str, list[Record]]
    people: dict[str, int] = field(default_factory=dict)
    photos: dict[str, int] = field(default_factory=dict)

    def check(self) -> None:
        """Check all records; note their problems in the document."""
        people = self.lists["people"]
        if isinstance(self.document.content, dict) and "people" in self.document.content:
            self._check_people(people)
        self._add_names("photos", ("name", "id"), self.photos)
        self._add_names("groups", ("nsid", "alias"), {})
        for number, person in enumerate(people):
            for key in ("contacts", "friends", "family"):
                self._resolve_all(("people", number), person, key, self.people)
                if number in person.get(key, ()):
                    problem = "nobody is their own contact"
                    self.document.add_problem(("people", number, key), problem)
        for number, photo in enumerate(self.lists["photos"]):
            self._check_photo(("photos", number), photo)
        for number, photoset in enumerate(self.lists["sets"]):
            self._check_photoset(("sets", number), photoset)
        for number, group in enumerate(self.lists["groups"]):
            self._resolve_all(("groups", number), group, "members", self.people)
            self._resolve_all(("groups", number), group, "photos", self.photos)

    def _check_people(self, people: list[Record]) -> None:
        if not people:
            self.document.add_problem(("people",), "no person: the first one is the account")
        elif people[0].get("deleted"):
            self.document.add_problem(("people", 0, "deleted"), "the account cannot be deleted")
        self._add_names("people", ("username", "alias", "nsid"), self.people)

    def _add_names(self, kind: str, keys: tuple[str, ...], names: dict[str, int]) -> None:
        """Collect the names of records, which must be unique, in `names`."""
        for number, record in enumerate(self.lists[kind]):
            for key in keys:
                name = str(record.get(key, "")).casefold()
                if name and names.setdefault(name, number) != number:
                    other = f"{kind}[{names[name]}]"
                    problem = f"{record[key]!r} is also a name of {other}: use another"
                    self.document.add_problem((kind, number, key), problem)

    def _check_photo(self, place: Place, photo: Record) -> None:
        photo.setdefault("owner", "")
        self._resolve_owner(place, photo)
        self._resolve_all(place, photo, "favorites", self.people)
        self._resolve_authors(place, photo)
        if len(photo.get("tags", ())) > MOST_TAGS:
            self.document.add_problem((*place, "tags"), f"a photo has at most {MOST_TAGS} tags")
        if "file" in photo:
            photo["file"] = self._open_file((*place, "file"), photo["file"])

    def _check_photoset(self, place: Place, photoset: Record) -> None:
        photoset.setdefault("owner", "")
        self._resolve_owner(place, photoset)
        self._resolve_authors(place, photoset)
        self._resolve_all(place, photoset, "photos", self.photos)
        photos = photoset.get("photos", [])
        if "photos" in photoset and not photos:
            self.document.add_problem((*place, "photos"), "a set needs at least one photo")
        for number, photo in enumerate(photos):
            if photo is None:
                continue
            owner = self.lists["photos"][photo].get("owner")
            if None not in (owner, photoset["owner"]) and owner != photoset["owner"]:
                problem = "the photo has another owner than the set"
                self.document.add_problem((*place, "photos", number), problem)
        if "primary" in photoset:
            photoset["primary"] = self._resolve(
                (*place, "primary"), photoset["primary"], self.photos
            )
            if photoset["primary"] not in (None, *photos):
                self.document.add_problem((*place, "primary"), "the photo is not in the set")

    def _resolve_owner(self, place: Place, record: Record) -> None:
        given = record["owner"]
        owner = self._resolve((*place, "owner"), given, self.people) if given else 0
        record["owner"] = owner
        if given and owner is not None and self.lists["people"][owner].get("deleted"):
            self.document.add_problem((*place, "owner"), f"{given!r} is deleted")

    def _resolve_authors(self, place: Place, record: Record) -> None:
        for number, comment in enumerate(record.get("comments", [])):
            if "author" in comment:
                at = (*place, "comments", number, "author")
                comment["author"] = self._resolve(at, comment["author"], self.people)

    def _resolve_all(self, place: Place, record: Record, key: str, names: dict[str, int]) -> None:
        found: list[int | None] = []
        for number, given in enumerate(record.get(key, [])):
            at = (*place, key, number)
            index = self._resolve(at, given, names) if given is not None else None
            if index is not None and index in found:
                self.document.add_problem(at, f"{given!r} is repeated: remove one")
            found.append(index)
        if key in record:
            record[key] = found

    def _resolve(self, place: Place, given: str, names: dict[str, int]) -> int | None:
        index = names.get(given.casefold())
        if index is None:
            kind = "person" if names is self.people else "photo"
            use = "a username, alias or NSID" if kind == "person" else "a photo's name or id"
            self.document.add_problem(place, f"unknown {kind} {given!r}: use {use} of this library")
        return index

    def _open_file(self, place: Place, given: str) -> SourceFile | None:
        path = self.document.folder / given
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                self.document.add_problem(place, f"{given!r} is not a file")
                return None
            with path.open("rb") as file:
                kind = kind_of(file.read(HEAD))
            size = path.stat().st_size
        except OSError as error:
            problem = f"cannot read the file {given!r} ({error.strerror})"
            self.document.add_problem(place, problem)
            return None
        media = read_media(path, kind) if kind and size <= kind.largest else None
        if kind is None:
            names = "JPEG, PNG, GIF, TIFF, WebP, MP4 or QuickTime"
            self.document.add_problem(
                place, f"the kind of the file {given!r} is unknown: use {names}"
            )
        elif size > kind.largest:
            problem = f"the file {given!r} is larger than {kind.largest:,} bytes"
            self.document.add_problem(place, problem)
        elif media is None:
            self.document.add_problem(place, f"the file {given!r} is broken")
        return SourceFile(path, kind, media) if kind and media else None
