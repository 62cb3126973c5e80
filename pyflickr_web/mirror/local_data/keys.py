"""The keys of a mirror's items in their order, read from the index by need."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from operator import eq
from typing import overload

from pyflickr_web.mirror.counts import format_count

# The digits of the largest integer of SQLite.
_LONGEST_ID = 19


class Keys(Sequence[str]):
    """The ids of items, in their order, read at the first use.

    A list of texts would take ten times the memory for a million photos.
    """

    # Compared by their ids, as lists are.
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, read: Callable[[], array[int] | list[str]]) -> None:
        self._read = read
        self._ids: array[int] | list[str] | None = None

    @property
    def ids(self) -> array[int] | list[str]:
        """The ids, as numbers if they are photos."""
        if self._ids is None:
            self._ids = self._read()
        return self._ids

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return list(map(str, self.ids[index]))
        return str(self.ids[index])

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        return map(str, self.ids)

    def __contains__(self, item_id: object) -> bool:
        if not isinstance(item_id, str):
            return False
        if isinstance(self.ids, list):
            return item_id in self.ids
        # Only as ids are written: `int` also reads leading zeros, and fails at thousands of digits.
        is_id = item_id.isascii() and item_id.isdigit() and len(item_id) <= _LONGEST_ID
        return is_id and item_id[0] != "0" and int(item_id) in self.ids

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    def __repr__(self) -> str:
        first = ", ".join(map(repr, self[:3]))
        return f"<{format_count(len(self), 'key')}: {first}{', …' if len(self) > 3 else ''}>"
