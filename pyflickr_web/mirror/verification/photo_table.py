"""Compare the photos of a mirror with their files: the lists of sizes, with little memory for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyflickr_web.mirror.layout import SIZE_FOLDERS

# A bit for each size.
_BITS = {size: 1 << number for number, size in enumerate(SIZE_FOLDERS)}


class PhotoTable:
    """The photos of a tree: their lists of sizes, compared with their files. About 100 bytes for each.

    Add the metadata of all photos first, then the files, so that each is compared once.
    """

    def __init__(self) -> None:
        # The sizes that either the list or the files lack.
        self._differences: dict[int, int] = {}
        # Photos that have a finding about their metadata.
        self._reported: set[int] = set()

    def add_info(self, photo_id: str, info: Mapping[str, Any]) -> None:
        """Add the metadata of a photo."""
        sizes = info.get("sizes")
        listed = {one for one in sizes if isinstance(one, str)} if isinstance(sizes, list) else ()
        self._differences[int(photo_id)] = sum(_BITS.get(size, 0) for size in listed)

    def report(self, photo_id: str) -> bool:
        """Note that the metadata of a photo has a finding; return False if it had one before."""
        is_new = int(photo_id) not in self._reported
        self._reported.add(int(photo_id))
        return is_new

    def has_info(self, photo_id: str) -> bool:
        """Return True if a photo has metadata, or a finding about it."""
        return int(photo_id) in self._differences or int(photo_id) in self._reported

    def add_file(self, photo_id: str, size: str) -> None:
        """Add a file that is there."""
        if int(photo_id) in self._differences:
            self._differences[int(photo_id)] ^= _BITS[size]

    def ignore_file(self, photo_id: str, size: str) -> None:
        """Leave a size out of the comparison: it has a finding of its own, or is outdated."""
        if int(photo_id) in self._differences:
            self._differences[int(photo_id)] &= ~_BITS[size]

    def find_differences(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the photos whose lists of sizes are not those of their files, and these sizes' names."""
        for number, bits in self._differences.items():
            if bits and number not in self._reported:
                yield str(number), [SIZE_FOLDERS[one] for one, bit in _BITS.items() if bits & bit]
