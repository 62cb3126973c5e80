"""Give new files their names in batches: flushed together, which is much faster than one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Lock

from pyflickr_web.mirror.files import MirrorFolder, NewFile
from pyflickr_web.mirror.journal import Entry, Journal
from pyflickr_web.mirror.sums import Line
from pyflickr_web.mirror.trash import move_to_trash

# The most files of a batch, and the seconds after which it is placed.
BATCH = 64
LONGEST_WAIT = 2.0


class Placement:
    """New files that wait for their names, with the journal's entries about them. Threads may share it.

    Methods raise `FileError`. `date` names the folder in the trash.
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
        self._files: list[NewFile] = []
        self._entries: list[Entry] = []
        self._replaced: list[str] = []
        self._sums: list[Line] = []
        self._since = 0.0

    def add(
        self, files: Sequence[NewFile], entries: Sequence[Entry] = (), replaced: Sequence[str] = ()
    ) -> None:
        """Add files. `replaced` are moved to the trash before, `entries` recorded afterwards.

        While a thread places a batch, the others go on: what they add is the next batch.
        """
        with self._lock:
            self._begin_batch()
            self._files += files
            self._entries += entries
            self._replaced += replaced
        self._place_if_due()

    def add_sums(self, sums: Sequence[Line]) -> None:
        """Add the checksums of files that have their names already."""
        with self._lock:
            self._begin_batch()
            self._sums += sums
        self._place_if_due()

    def flush(self) -> None:
        """Place all files that wait."""
        with self._placing:
            self._place()

    def _begin_batch(self) -> None:
        if not (self._files or self._entries or self._replaced or self._sums):
            self._since = self._clock()

    def _place_if_due(self) -> None:
        with self._lock:
            count = max(len(self._files), len(self._sums))
            is_due = count >= BATCH or self._clock() - self._since >= LONGEST_WAIT
        if is_due and self._placing.acquire(blocking=False):
            try:
                self._place()
            finally:
                self._placing.release()

    def _place(self) -> None:
        with self._lock:
            files, entries, replaced = self._files, self._entries, self._replaced
            sums, self._sums = self._sums, []
            self._files, self._entries, self._replaced = [], [], []
        try:
            # Before the sums of new files, which replace those of files that are there.
            self._folder.log_sums(sums)
            sums = []
            if replaced:
                move_to_trash(self._folder, replaced, self.date)
            self._folder.place(files)
            self._journal.record(entries)
        except BaseException:
            # The flush at the end of the run tries them again.
            with self._lock:
                self._files = files + self._files
                self._entries = entries + self._entries
                self._replaced = replaced + self._replaced
                self._sums = sums + self._sums
            raise
