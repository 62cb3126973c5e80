"""Walk the files of a mirror in the order of their names, one folder at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from pyflickr_web.mirror.layout import (
    CHECKSUMS,
    COMPANIONS,
    DOCUMENTS,
    FAVORITES,
    ICON_SIZES,
    INDEX,
    SIZE_FOLDERS,
    STATE,
    TRASH,
    Tree,
    parse_part_name,
)
from pyflickr_web.transports.files import is_temporary


def _list_folders() -> frozenset[str]:
    """Return the folders of a mirror, and those above them."""
    folders: set[str] = set()
    for tree in (Tree(), Tree(FAVORITES)):
        own = [tree.document_folder(kind) for kind in DOCUMENTS]
        own += [tree.folder(size) for size in SIZE_FOLDERS]
        own += [tree.icon(size, "icon.jpg").rpartition("/")[0] for size in ICON_SIZES]
        for folder in own:
            parts = folder.split("/")
            folders.update("/".join(parts[:end]) for end in range(1, len(parts) + 1))
    return frozenset(folders)


FOLDERS = _list_folders()
_INDEX_NAMES = {INDEX, *(INDEX + suffix for suffix in COMPANIONS)}


def walk_mirror(root: Path, on_error: Callable[[str, OSError], object]) -> Iterator[str]:
    """Yield the names of all files in a mirror, in their order, without its state and its trash.

    Only the mirror's own folders are read, also those that are links. Any other folder is one name, with
    a slash at its end. A folder that cannot be read is passed to `on_error`, and skipped.
    """
    return _walk(root, "", on_error)


def _walk(root: Path, folder: str, on_error: Callable[[str, OSError], object]) -> Iterator[str]:
    try:
        names = _list_names(root, folder)
    except OSError as error:
        on_error(folder.rstrip("/") or ".", error)
        return
    names.sort()
    for name in names:
        if name.endswith("/") and name[:-1] in FOLDERS:
            yield from _walk(root, name, on_error)
        else:
            yield name


def _list_names(root: Path, folder: str) -> list[str]:
    """Return the names in a folder, those of folders with a slash: the order of all names has it too."""
    with os.scandir(root / folder) as entries:
        return [
            f"{folder}{entry.name}/" if _is_folder(entry) else f"{folder}{entry.name}"
            for entry in entries
            if not _is_state(folder, entry.name) and not _is_part(f"{folder}{entry.name}")
        ]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link to itself.
        return False


def _is_state(folder: str, name: str) -> bool:
    """Return True for the files and folders of a mirror that have no checksum."""
    if not folder and name in (STATE, TRASH, CHECKSUMS):
        return True
    # Favorites can be loaded as a mirror, and then have an index of their own.
    return folder in ("", FAVORITES) and (name in _INDEX_NAMES or is_temporary(name))


def _is_part(name: str) -> bool:
    return name.endswith(".part") and parse_part_name(name) is not None
