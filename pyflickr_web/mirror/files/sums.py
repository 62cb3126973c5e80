"""Checksums of a mirror's files: `SHA256SUMS`, and the log of a run that is merged into it.

A sum is logged before its file gets its name. Until the log is merged, the old and the new sum of a file
are both valid. The log has the lines of `sha256sum`; a removed file has dashes for its sum.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, suppress
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from pyflickr_web.mirror.files.file_system import FileSystem
from pyflickr_web.mirror.files.sorted_lines import (
    REMOVED,
    Line,
    Unsorted,
    check_order,
    find_lines,
    format_line,
    read_lines,
    sort_lines,
)
from pyflickr_web.mirror.layout import CHECKSUMS, STATE, TEMPORARY
from pyflickr_web.transports.files import require_regular

__all__ = ["LOG", "REMOVED", "Line", "Sums", "hash_file"]

LOG = f"{STATE}/sums.log"
# The most names that are searched for one by one, which is fast among millions of lines.
MOST_SEARCHES = 100
_MERGED, _LOGGED = 0, 1
# A name, the file that has its line, and the sum.
_Source = tuple[str, int, str]


class Sums:
    """The checksums of the mirror in the folder `root`; all methods raise `OSError`.

    Threads may share it.
    """

    def __init__(self, root: Path, system: FileSystem) -> None:
        self._root = root
        self._system = system
        self._lock = Lock()
        self._log: BinaryIO | None = None
        # A log at the start is of a run that was killed.
        self._is_uncertain = (root / LOG).exists()

    def log(self, lines: Iterable[Line]) -> None:
        """Add the sums of files to the log, and flush it to the disk."""
        with self._lock:
            if self._log is None:
                self._log = self._open_log()
            try:
                self._log.writelines(format_line(*line) for line in lines)
                self._system.sync(self._log)
            except BaseException:
                # A line may be cut: the next one must not continue it.
                self._is_uncertain = True
                self._close_log()
                raise

    def doubt(self) -> None:
        """Make the next merge check the logged files, because one did not get its name."""
        self._is_uncertain = True

    def merge(self) -> None:
        """Merge the log into `SHA256SUMS`, atomically; without a log, neither is touched.

        After a crash the logged files are checked: the line of a missing file is dropped, and of two
        sums the one that the file has is kept.
        """
        with self._lock:
            self._close_log()
            log = self._root / LOG
            if not log.exists():
                return
            try:
                self._write(sort_merged=False)
            except Unsorted:
                # Edited by somebody.
                self._write(sort_merged=True)
            self._system.remove(log)
            self._system.sync_folder(log.parent)
            self._is_uncertain = False

    def find(self, names: Iterable[str]) -> dict[str, set[str]]:
        """Return the valid sums of files by name; files without sums are left out."""
        wanted = set(names)
        sums: dict[str, set[str]] = {}
        for name, digest in chain(self._read_merged(wanted), read_lines(self._root / LOG)):
            if name in wanted and digest != REMOVED:
                sums.setdefault(name, set()).add(digest)
        return sums

    def close(self) -> None:
        """Close the log, which stays for the next merge."""
        with self._lock:
            self._close_log()

    def _read_merged(self, names: Collection[str]) -> Iterable[Line]:
        """Return lines of `SHA256SUMS`, among them those of some names."""
        file = self._root / CHECKSUMS
        if len(names) <= MOST_SEARCHES:
            found = [find_lines(file, name) for name in names]
            if all(found):
                return chain.from_iterable(found)
        # Somebody may have edited the file: a name that a search misses may be anywhere.
        return read_lines(file)

    def _open_log(self) -> BinaryIO:
        log = self._root / LOG
        self._system.make_folder(log.parent)
        opened = self._system.append(log)
        try:
            # Ends a line that was cut. For a new log it is an empty line, which is skipped.
            opened.write(b"\n")
            self._system.sync_folder(log.parent)
        except BaseException:
            opened.close()
            raise
        return opened

    def _close_log(self) -> None:
        if self._log is not None:
            with suppress(OSError):
                self._log.close()
            self._log = None

    def _write(self, sort_merged: bool) -> None:
        folder = self._root / TEMPORARY
        self._system.make_folder(folder)
        temporary, target = folder / CHECKSUMS, self._root / CHECKSUMS
        self._system.remove(temporary)
        is_changed = sort_merged
        with ExitStack() as stack:
            stack.callback(self._system.remove, temporary)
            logged = sort_lines(read_lines(self._root / LOG), folder, self._system, stack, "logged")
            merged: Iterator[Line] = read_lines(target)
            if sort_merged:
                merged = sort_lines(merged, folder, self._system, stack, "merged")
            else:
                merged = check_order(merged)
            with self._system.create(temporary) as opened:
                for name, old, new in self._choose_sums(merged, logged):
                    is_changed = is_changed or old != new
                    if new is not None:
                        opened.write(format_line(name, new))
                self._system.sync(opened)
            if is_changed or _size(temporary) != _size(target):
                # Invalid lines are left out.
                self._system.replace(temporary, target)
                self._system.sync_folder(self._root)

    def _choose_sums(
        self, merged: Iterator[Line], logged: Iterator[Line]
    ) -> Iterator[tuple[str, str | None, str | None]]:
        """Yield each file's name, its sum so far, and its sum from now on; None for no sum."""
        lines = merge(_tag(merged, _MERGED), _tag(logged, _LOGGED), key=itemgetter(0))
        for name, group in groupby(lines, itemgetter(0)):
            sources = list(group)
            old = next((digest for _, source, digest in sources if source == _MERGED), None)
            new: str | None = sources[-1][2]
            if sources[-1][1] == _LOGGED:
                digests = list(dict.fromkeys(digest for _, _, digest in sources))
                new = self._check(name, digests) if self._is_uncertain else new
            yield name, old, None if new == REMOVED else new

    def _check(self, name: str, digests: list[str]) -> str | None:
        """Return the one of some sums that a file has; the last one if it has another.

        Returns None if the file is missing. A single sum is not compared.
        """
        file = self._root / name
        possible = [digest for digest in digests if digest != REMOVED]
        if not possible or not _is_file(file):
            return None
        if len(possible) == 1:
            return possible[0]
        actual = hash_file(file)
        return actual if actual in possible else possible[-1]


def hash_file(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal. Raises `OSError`."""
    # A FIFO would wait for a writer.
    require_regular(file)
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        # The line was damaged: no file has such a name.
        return False


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _tag(lines: Iterator[Line], source: int) -> Iterator[_Source]:
    return ((name, source, digest) for name, digest in lines)
