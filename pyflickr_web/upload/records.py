"""The records of uploads in a journal, if the batch has one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyflickr_web.upload.effects import UnixTime, perform
from pyflickr_web.upload.journal import Journal, JournalEntry, State
from pyflickr_web.upload.sources import FileStamp, Source

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


def open_records(file: Path | None, account: str, is_tagged: bool) -> Flow:
    """Return the `Records` of an account in a journal, or in none; close them at the end.

    Raises `FileError` if the journal cannot be used.
    """
    records = Records(account, is_tagged)
    try:
        if file:
            yield from perform(partial(records.open, file))
    except BaseException:
        # A task may be cancelled after the journal was opened, which locks it.
        records.close()
        raise
    return records


class Records:
    """Records the uploads of an account in a journal, or nowhere unless one is opened.

    The flows raise `FileError` if the journal cannot be written.
    """

    def __init__(self, account: str, is_tagged: bool) -> None:
        self._journal: Journal | None = None
        self._account = account
        self._is_tagged = is_tagged
        self._tickets: dict[str, JournalEntry] = {}

    @property
    def is_kept(self) -> bool:
        """True if there is a journal."""
        return self._journal is not None

    def open(self, file: Path) -> None:
        """Open a journal. Raises `FileError` if it cannot be used."""
        self._journal = Journal(file, self._account)

    def close(self) -> None:
        """Close the journal."""
        if self._journal:
            self._journal.close()

    def find(self, sha256: str, path: str | None) -> JournalEntry | None:
        """Return the entry of a file: see `Journal.find`."""
        entry = self._journal.find(sha256, path) if self._journal else None
        if entry and entry.state == "ticket" and entry.id:
            self._tickets[entry.id] = entry
        return entry

    def find_hash(self, source: Source) -> str | None:
        """Return the hash of a file that was uploaded and has not changed since; None without it."""
        if not self._journal or not source.stamp:
            return None
        return self._journal.find_hash(source.path, *source.stamp)

    def record(
        self, source: Source, sha256: str | None, state: State, id: str | None = None
    ) -> Flow:
        """Record the state of a file."""
        yield from perform(lambda: self.record_now(source, sha256, state, id))

    def record_now(
        self, source: Source, sha256: str | None, state: State, id: str | None = None
    ) -> None:
        """Record the state of a file; may block."""
        if self._journal and sha256:
            size, mtime = source.stamp or FileStamp(source.size, None)
            self._append(
                JournalEntry(
                    self._account,
                    sha256,
                    source.path,
                    state,
                    UnixTime().perform(),
                    self._is_tagged,
                    id,
                    size,
                    mtime,
                )
            )

    def settle_ticket(self, ticket: str, state: State, id: str | None) -> Flow:
        """Record the end of a ticket."""
        if entry := self._tickets.get(ticket):
            yield from perform(lambda: self._append(replace(entry, state=state, id=id)))

    def record_replacement(self, photo_id: str, sha256: str) -> Flow:
        """Record that a photo has a new file: files with other hashes are not on Flickr any more."""
        for entry in self._journal.list_entries(photo_id) if self._journal else ():
            if entry.sha256 != sha256:
                late = replace(entry, state="failed", id=None, time=UnixTime().perform())
                yield from perform(partial(self._append, late))

    def _append(self, entry: JournalEntry) -> None:
        assert self._journal
        self._journal.append(entry)
        if entry.state == "ticket" and entry.id:
            self._tickets[entry.id] = entry
