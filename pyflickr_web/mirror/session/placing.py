"""Give new files their names in batches: flushed together, which is much faster than one by one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Lock

from pyflickr_web.mirror.files.folder import MirrorFolder, NewFile
from pyflickr_web.mirror.files.sums import Line, hash_file
from pyflickr_web.mirror.files.trash import move_to_trash
from pyflickr_web.mirror.journal import Entry, Journal

# The most files of a batch, and the seconds after which it is placed.
BATCH = 64
LONGEST_WAIT = 2.0


@dataclass(frozen=True, slots=True)
class _Batch:
    """Files that wait for their names, and what is recorded with them.

    `sums` are those of files that have their names already; `replaced` files go to the trash before.
    """

    files: list[NewFile] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    sums: list[Line] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.files or self.entries or self.replaced or self.sums)

    @property
    def is_full(self) -> bool:
        return max(len(self.files), len(self.sums)) >= BATCH

    def extend(self, other: _Batch) -> None:
        """Add what is in another batch."""
        self.files.extend(other.files)
        self.entries.extend(other.entries)
        self.replaced.extend(other.replaced)
        self.sums.extend(other.sums)


class Placement:
    """New files that wait for their names, with the journal's entries about them. Threads may share it.

    While a thread places a batch, the others go on: what they add is the next batch. Methods raise
    `FileError`. `date` names the folder in the trash.
    """

    def __init__(
        self,
        folder: MirrorFolder,
        journal: Journal,
        date: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._journal = journal
        self.date = date
        self._clock = clock
        self._lock = Lock()
        self._placing = Lock()
        self._batch = _Batch()
        self._since = 0.0

    def add(
        self, files: Sequence[NewFile], entries: Sequence[Entry] = (), replaced: Sequence[str] = ()
    ) -> None:
        """Add files. `replaced` are moved to the trash before, `entries` recorded afterwards."""
        self._add(_Batch([*files], [*entries], [*replaced]))

    def add_sums(self, sums: Sequence[Line]) -> None:
        """Add the checksums of files that have their names already."""
        self._add(_Batch(sums=[*sums]))

    def flush(self) -> None:
        """Place all files that wait."""
        with self._placing:
            self._place()

    def _add(self, batch: _Batch) -> None:
        with self._lock:
            if self._batch.is_empty:
                self._since = self._clock()
            self._batch.extend(batch)
            is_due = self._batch.is_full or self._clock() - self._since >= LONGEST_WAIT
        if is_due and self._placing.acquire(blocking=False):
            try:
                self._place()
            finally:
                self._placing.release()

    def _place(self) -> None:
        with self._lock:
            batch, self._batch = self._batch, _Batch()
        try:
            # Before the sums of new files, which replace those of files that are there.
            self._folder.log_sums(batch.sums)
            batch.sums.clear()
            if batch.replaced:
                move_to_trash(self._folder, batch.replaced, self.date)
            # From now on, the new files have these names.
            batch.replaced.clear()
            self._folder.place(batch.files)
            current: list[Entry] = [("outdated", file.name, None) for file in batch.files]
            self._journal.record([*current, *batch.entries])
        except BaseException:
            # The flush at the end of the run tries them again.
            batch.files[:] = [self._locate(file) for file in batch.files]
            with self._lock:
                batch.extend(self._batch)
                self._batch = batch
            raise

    def _locate(self, file: NewFile) -> NewFile:
        """Return a file to be placed again: one that was renamed is at its name, and stays there."""
        target = self._folder.path(file.name)
        if not os.path.lexists(file.temporary):
            with suppress(OSError):
                if hash_file(target) == file.sha256:
                    return replace(file, temporary=target)
        return file
