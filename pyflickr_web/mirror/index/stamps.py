"""Stamps of a mirror: sizes and times that show, without a stat of each file, if its index is fresh."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.layout import CHECKSUMS, Kind, Tree

# The documents that an index is made of. The others are only read with their photo.
KINDS: tuple[Kind, ...] = ("photo", "comments", "photoset", "collection")
# The names of stamps, with the size of a file and its time in nanoseconds: None for a missing one, and
# for a time that is not certain.
Stamps = dict[str, list[int | None]]

_SECOND = 10**9
# File systems keep times in steps of up to two seconds: changes in the same step have the same time.
_LARGEST_STEP = 2 * _SECOND


def read_stamps(root: Path) -> Stamps:
    """Return the stamps of a mirror now: of `SHA256SUMS`, and of the folders of its documents.

    Writing a file anew changes the time of its folder. Raises `FileError`.
    """
    names = [CHECKSUMS, *map(Tree().document_folder, KINDS)]
    now = time.time_ns()
    return {name: _read_stamp(root / name, now) for name in names}


def certain_time(nanoseconds: int, now: int) -> int | None:
    """Return a file's time; None if a later change may leave it the same, because it is `now`."""
    return None if nanoseconds > now - _LARGEST_STEP else nanoseconds


def is_fresh(recorded: Mapping[str, object], current: Stamps) -> bool:
    """Return True if nothing changed since stamps were recorded."""
    return all(_is_equal(recorded.get(name), stamp) for name, stamp in current.items())


def _read_stamp(path: Path, now: int) -> list[int | None]:
    with file_errors(path):
        try:
            found = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return [None, 0]
    size = found.st_size if path.name == CHECKSUMS else 0
    return [size, certain_time(found.st_mtime_ns, now)]


def _is_equal(recorded: object, stamp: list[int | None]) -> bool:
    if not isinstance(recorded, list) or len(recorded) != len(stamp) or recorded[0] != stamp[0]:
        return False
    before, after = recorded[1], stamp[1]
    if not isinstance(before, int) or after is None:
        return False
    # Archives and optical media cut times to whole seconds, FAT to even ones.
    step = _LARGEST_STEP if after % _SECOND == 0 else 1
    return abs(after - before) < step
