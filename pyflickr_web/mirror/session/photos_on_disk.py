"""The files of a mirror on the disk, by photo, as a plan needs them."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.files.json_files import find_document
from pyflickr_web.mirror.journal import Journal, Section
from pyflickr_web.mirror.layout import (
    JPEG,
    PART_BITS,
    PHOTO_DOCUMENTS,
    SIZE_FOLDERS,
    Kind,
    MirrorFile,
    Tree,
    parse_name,
    parse_part_name,
)
from pyflickr_web.mirror.metadata.pictures import EXTENSIONS, order_extensions
from pyflickr_web.mirror.plan import ORIGINAL, PhotoOnDisk


class PhotosOnDisk:
    """The photos of one tree of a mirror. Empty files count as missing. Methods raise `FileError`.

    With `scan`, all folders are listed once, for runs that plan every photo; without it, each photo's
    files are looked up, for runs that plan few. `parts` are the names of the pictures of which a scan
    found incomplete files.
    """

    def __init__(self, root: Path, journal: Journal, tree: Tree | None = None, scan: bool = False):
        self._root = root
        self._journal = journal
        self._tree = tree or Tree()
        self._outdated = self._sizes_in(journal, "outdated")
        self._unavailable = self._sizes_in(journal, "unavailable")
        # Photo ids as numbers: a million texts take three times the memory.
        self._bits: dict[int, int] | None = None
        # The extensions of originals, in a scan, of photos that do not have just one JPEG.
        self._extensions: dict[int, tuple[str, ...]] = {}
        self.parts: list[str] = []
        if scan:
            self._bits = {}
            self._scan()

    def read(self, photo_id: str) -> PhotoOnDisk:
        """Return the files of a photo."""
        # To look for a million missing files takes a minute.
        has_file = self._bits is None or self._bits.get(int(photo_id), 0) & PART_BITS["photo"]
        info = self.find_document("photo", photo_id) if has_file else None
        found = self._find_parts(photo_id, info)
        return PhotoOnDisk(
            info,
            frozenset(size for size in SIZE_FOLDERS if size in found),
            frozenset(self._outdated.get(photo_id, ())),
            frozenset(self._unavailable.get(photo_id, ())),
            has_comments="comments" in found and not self._is_outdated("comments", photo_id),
            has_exif="exif" in found and not self._is_outdated("exif", photo_id),
        )

    def forget(self, photo_id: str, kind: Kind) -> None:
        """Count a photo's JSON file as missing from now on, in a scan."""
        if self._bits is not None and int(photo_id) in self._bits:
            self._bits[int(photo_id)] &= ~PART_BITS[kind]

    def set_outdated(self, photo_id: str, size: str) -> None:
        """Count a photo's picture as one to be fetched again, from now on."""
        self._outdated.setdefault(photo_id, set()).add(size)

    def find_document(self, kind: Kind, item_id: str) -> dict[str, Any] | None:
        """Return the content of a JSON file; None if it is missing, damaged or outdated."""
        if self._is_outdated(kind, item_id):
            return None
        return find_document(self._root, self._tree.document(kind, item_id))

    def list_files(self, photo_id: str) -> list[str]:
        """Return the names of a photo's files; an original may be there in several formats."""
        if self._bits is None:
            info = self.find_document("photo", photo_id)
            return [name for part in PART_BITS for name in self._look_up(photo_id, part, info)]
        found = self._find_parts(photo_id, None)
        originals = self._extensions.get(int(photo_id), (JPEG,))
        return [
            self._tree.photo_file(photo_id, part, extension)
            for part in PART_BITS
            if part in found
            for extension in (originals if part == ORIGINAL else (JPEG,))
        ]

    def list_empty_files(self, photo_id: str) -> list[str]:
        """Return the names of a photo's empty files, which all other methods count as missing."""
        names = (
            self._tree.photo_file(photo_id, part, extension)
            for part in PART_BITS
            for extension in (EXTENSIONS if part == ORIGINAL else (JPEG,))
        )
        with file_errors(self._root):
            return [name for name in names if _is_empty(self._root / name)]

    def list_ids(self) -> list[str]:
        """Return the ids of all photos that have a file, in a scan; of those with metadata otherwise."""
        if self._bits is not None:
            return [str(number) for number in self._bits]
        return list(list_documents(self._root, "photo", self._tree))

    def find_unlisted(self, listed: Container[str]) -> list[str]:
        """Return the ids of the photos that are not in a listing."""
        if self._bits is not None:
            return [one for one in map(str, self._bits) if one not in listed]
        found = list_documents(self._root, "photo", self._tree)
        return [one for one in found if one not in listed]

    def _is_outdated(self, kind: Kind, item_id: str) -> bool:
        return bool(self._journal.get("outdated", self._tree.document(kind, item_id)))

    def _find_parts(self, photo_id: str, info: Mapping[str, Any] | None) -> set[str]:
        """Return the kinds of documents, and the sizes, of which a photo has files."""
        if self._bits is None:
            return {part for part in PART_BITS if any(self._look_up(photo_id, part, info))}
        bits = self._bits.get(int(photo_id), 0)
        return {part for part, bit in PART_BITS.items() if bits & bit}

    def _look_up(self, photo_id: str, part: str, info: Mapping[str, Any] | None) -> Iterator[str]:
        """Yield the names of the files of a kind or size, of an original first the likely one."""
        extensions = order_extensions(info or {}) if part == ORIGINAL else (JPEG,)
        for extension in extensions:
            name = self._tree.photo_file(photo_id, part, extension)
            with file_errors(self._root):
                is_present = _has_content(self._root / name)
            if is_present:
                yield name

    def _scan(self) -> None:
        folders = [self._tree.document_folder(kind) for kind in PHOTO_DOCUMENTS]
        for folder in (*folders, *map(self._tree.folder, SIZE_FOLDERS)):
            for file, part in _list_folder(self._root, folder):
                if part:
                    self.parts.append(part)
                # Other sizes than the original are always JPEG.
                elif file and (not file.size or file.size == ORIGINAL or file.extension == JPEG):
                    self._add(file)

    def _add(self, file: MirrorFile) -> None:
        assert self._bits is not None
        number, part = int(file.id), file.size or file.kind
        bits = self._bits.get(number, 0)
        if part == ORIGINAL and (bits & PART_BITS[part] or file.extension != JPEG):
            others = self._extensions.get(number, (JPEG,) if bits & PART_BITS[part] else ())
            self._extensions[number] = (*others, file.extension)
        self._bits[number] = bits | PART_BITS[part]

    def _sizes_in(self, journal: Journal, section: Section) -> dict[str, set[str]]:
        """Return the sizes in a section of the journal, by photo."""
        sizes: dict[str, set[str]] = {}
        for name in journal.section(section):
            file = parse_name(name)
            if file and file.kind == "picture" and file.tree == self._tree.prefix:
                sizes.setdefault(file.id, set()).add(file.size)
        return sizes


def list_documents(root: Path, kind: Kind, tree: Tree | None = None) -> Iterator[str]:
    """Yield the ids of the JSON files of a kind. Raises `FileError`."""
    for file, _ in _list_folder(root, (tree or Tree()).document_folder(kind)):
        if file and file.kind == kind:
            yield file.id


def _list_folder(root: Path, folder: str) -> Iterator[tuple[MirrorFile | None, str | None]]:
    """Yield the files in a folder that are not empty, and the pictures that have an incomplete file."""
    with file_errors(root / folder):
        try:
            entries = os.scandir(root / folder)
        except FileNotFoundError:
            return
        with entries:
            for entry in entries:
                name = f"{folder}/{entry.name}"
                if file := parse_name(name):
                    if entry.is_file() and entry.stat().st_size:
                        yield file, None
                elif (part := parse_part_name(name)) and entry.is_file(follow_symlinks=False):
                    yield None, part


def _has_content(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _is_empty(file: Path) -> bool:
    return file.is_file() and file.stat().st_size == 0
