"""The parts that all steps of a run share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.download import Downloads
from pyflickr_web.mirror.events import Events, PhotoFailed
from pyflickr_web.mirror.files.disk_work import DiskWork
from pyflickr_web.mirror.files.folder import MirrorFolder
from pyflickr_web.mirror.files.json_files import find_document
from pyflickr_web.mirror.journal import Entry, Journal
from pyflickr_web.mirror.pacing.calls import Calls, Client
from pyflickr_web.mirror.pruning import NOT_FOUND_CODE
from pyflickr_web.mirror.report import Report
from pyflickr_web.mirror.session.placing import Placement
from pyflickr_web.mirror.session.run_state import RunState
from pyflickr_web.mirror.settings import Settings
from pyflickr_web.transports.errors import FlickrError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyflickr_web.core.flow import Flow


@dataclass(frozen=True, slots=True)
class Account:
    """The person whose account is mirrored. `is_signed_in` is True if that person signs the calls."""

    nsid: str
    username: str
    is_signed_in: bool

    @property
    def user_id(self) -> str:
        """The argument `user_id` of calls."""
        return "me" if self.is_signed_in else self.nsid


@dataclass(frozen=True, slots=True)
class Session:
    """A run: its client, options and account, the mirror's folder, and the record of the run.

    `state` has what earlier runs left.
    """

    client: Client
    settings: Settings
    account: Account
    folder: MirrorFolder
    journal: Journal
    placement: Placement
    calls: Calls
    downloads: Downloads
    events: Events
    report: Report
    state: RunState

    @property
    def full(self) -> bool:
        """True if the run compares everything."""
        return self.state.is_full

    def call(self, method: str, values: dict[str, Any]) -> Flow:
        """Call a method; a flow."""
        return self.calls.call(method, values)

    def work(self, function: Callable[[], Any]) -> Flow:
        """Call a function that reads or writes files; a flow."""
        return (yield DiskWork(function))

    def find_document(self, name: str) -> dict[str, Any] | None:
        """Return the object in a JSON file; None if it is missing, damaged or outdated."""
        if self.journal.get("outdated", name):
            return None
        return find_document(self.folder.root, name)

    def fail(self, item: str, error: FlickrError | str) -> None:
        """Report that something of a photo or another item failed. An error of the run is raised."""
        if isinstance(error, FlickrError) and self.calls.ends_run(error):
            raise error
        self.report.failed[item] = str(error)
        self.events.emit(PhotoFailed(item, str(error)))

    def fail_part(self, part: str, error: FlickrError) -> None:
        """Report that Flickr does not list a part of the account, such as its groups.

        An error of the run is raised, also the answer that there is no such person (any more).
        """
        if isinstance(error, NotFoundError) and error.code == NOT_FOUND_CODE:
            raise error
        self.fail(part, error)

    def forget_failure(self, item: str) -> Flow:
        """Record that a photo that failed in an earlier run left Flickr; a flow."""
        entry: Entry = ("failed", item, None)
        record = self.journal.assume if self.settings.dry_run else self.journal.record
        yield from self.work(partial(record, [entry]))
