"""The state that the uploads of a batch share, and the files that they upload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from pyflickr_web.transports.errors import FileError, FlickrError
from pyflickr_web.upload.account import Account
from pyflickr_web.upload.events import AccountLimits, FileFinished, UploadEvent
from pyflickr_web.upload.records import Records
from pyflickr_web.upload.results import FileResult, Status
from pyflickr_web.upload.settings import Settings
from pyflickr_web.upload.sources import Source

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.upload.calls import Client
    from pyflickr_web.upload.journal import State


@dataclass(frozen=True, slots=True)
class Item:
    """A photo to upload: its position, its source as given, and its fields in Flickr's formats."""

    index: int
    photo: Any
    filename: str | None
    length: int | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An item with its open source, and the hash of its content if that is needed."""

    item: Item
    source: Source
    sha256: str | None = None

    def result(
        self, status: Status, id: str | None = None, error: FlickrError | None = None
    ) -> FileResult:
        """Return the result of this file."""
        return FileResult(self.source.label, status, id, error, self.sha256)


@dataclass(slots=True)
class Context:
    """The client, account and settings of a batch, its journal, and what is known of the account.

    `hashes` are the ids of the account's photos by hash, or None if they are not listed. `final_error`
    is an error that all further files would have too.
    """

    client: Client
    account: Account
    settings: Settings
    records: Records
    limits: AccountLimits = AccountLimits(None, None, None, None)  # noqa: RUF009
    hashes: dict[str, str] | None = None
    final_error: FlickrError | None = None
    _lock: Lock = field(default_factory=Lock)

    def emit(self, event: UploadEvent) -> None:
        """Pass an event to the caller's function, by one thread at a time."""
        if on_event := self.settings.on_event:
            with self._lock:
                on_event(event)

    def record(self, file: OpenFile, state: State, id: str | None = None) -> Flow:
        """Record the state of a file; return the `FileError` if the journal cannot be written.

        Then no further file is sent: the journal would not be true.
        """
        try:
            yield from self.records.record(file.source, file.sha256, state, id)
        except FileError as error:
            self.final_error = error
            return error
        return None

    def finish(self, index: int, result: FileResult) -> None:
        """Report the result of a file."""
        self.emit(FileFinished(index, result))
