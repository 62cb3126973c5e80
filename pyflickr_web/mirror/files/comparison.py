"""Compare the files of a mirror with its checksums: a merge of sorted names and lines, without I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyflickr_web.mirror.files.sorted_lines import REMOVED, Line

# Sorts after all names.
_END = "\U0010ffff" * 2
# A name, and its sums in the order of the lines.
_Sums = tuple[str, tuple[str, ...]]
_NO_SUMS: _Sums = (_END, ())


class Check(NamedTuple):
    """A file to check, and its valid sums; without any, the file has no checksum.

    `is_present` is True if the file is in a folder of the mirror. If `may_be_missing`, a run that was
    killed had not given it its name, or had removed it. `has_conflict` is True if `SHA256SUMS` has
    several sums for it.
    """

    name: str
    sums: tuple[str, ...] = ()
    is_present: bool = True
    may_be_missing: bool = False
    has_conflict: bool = False


def compare(
    present: Iterable[str], merged: Iterable[Line], logged: Iterable[Line]
) -> Iterator[Check]:
    """Yield a check for each file that is there, or has a checksum, in the order of names.

    `present` are the names of files, `merged` the lines of `SHA256SUMS`, and `logged` those of a log
    that was not merged; all are sorted by name, and the lines of a name in the log are in their order.
    """
    names, old, new = iter(present), _group(merged), _group(logged)
    name = next(names, _END)
    old_name, old_sums = next(old, _NO_SUMS)
    new_name, new_sums = next(new, _NO_SUMS)
    while (first := min(name, old_name, new_name)) != _END:
        is_present = False
        sums: tuple[str, ...] = ()
        logged_sums: tuple[str, ...] = ()
        if name == first:
            is_present, name = True, next(names, _END)
        if old_name == first:
            sums, (old_name, old_sums) = old_sums, next(old, _NO_SUMS)
        if new_name == first:
            logged_sums, (new_name, new_sums) = new_sums, next(new, _NO_SUMS)
        if not logged_sums and len(sums) < 2:
            yield Check(first, sums, is_present)
        else:
            yield from _make_check(first, sums, logged_sums, is_present)


def _group(lines: Iterable[Line]) -> Iterator[_Sums]:
    """Yield each name once, with all its sums."""
    name = ""
    sums: tuple[str, ...] = ()
    for line_name, digest in lines:
        if line_name == name:
            sums = (*sums, digest)
        else:
            if sums:
                yield name, sums
            name, sums = line_name, (digest,)
    if sums:
        yield name, sums


def _make_check(
    name: str, old: tuple[str, ...], new: tuple[str, ...], is_present: bool
) -> Iterator[Check]:
    # Until the log is merged, the old and the new sum are valid.
    valid = tuple(digest for digest in dict.fromkeys(old + new) if digest != REMOVED)
    may_be_missing = bool(new) and (not old or REMOVED in new)
    if valid or is_present:
        yield Check(name, valid, is_present, may_be_missing, len(set(old)) > 1)
