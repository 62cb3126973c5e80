"""The state that runs leave for the next one: the mark of changes, and what is unfinished."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.mirror.journal import Entry, Journal
from pyflickr_web.mirror.plan import Scope
from pyflickr_web.mirror.settings import Settings

# In seconds: a run compares everything after `FULL_AGE`.
DAY = 24 * 3600
FULL_AGE = 30 * DAY


class RunState:
    """The state of a mirror at the start of a run, and the decisions that follow from it.

    `is_first` is True until a run over the whole account has ended, `is_full` if the run compares
    everything, `walks` if it lists the whole stream, and `lists_pools` if it reads the pools of groups.
    Our own clock only decides if a full run is due.
    """

    def __init__(self, journal: Journal, settings: Settings, is_owner: bool) -> None:
        self._journal = journal
        self._settings = settings
        self._now = int(time.time())
        self._scope = settings.scope.to_text()
        mark = self._read_number("mark")
        # After an invalid date in the future, no change would be seen.
        self.mark = mark if mark <= self._now + DAY else 0
        self.is_first = not self.mark and not self._read_number("full")
        groups = journal.get("state", "groups")
        self._groups: Mapping[str, Any] | None = groups if isinstance(groups, dict) else None
        unfinished = journal.get("state", "unfinished")
        is_old = abs(self._now - self._read_number("full")) > FULL_AGE and not settings.is_partial
        self.is_full = settings.full or unfinished == "full" or (not self.is_first and is_old)
        self.lists_pools = (
            settings.pools
            or self.is_full
            or not journal.get("state", "pools")
            or self._adds_videos(settings.scope)
        )
        self.walks = bool(
            self.is_full
            or self.lists_pools
            or settings.remove_deleted
            or not is_owner
            or not self.mark
            or unfinished
            or journal.get("state", "scope") != self._scope
        )

    def check_photos(self, present: int) -> None:
        """Make the run list the whole stream and pools, if photos were lost since the last run.

        Changes do not tell which ones. Nor does Flickr's total: photos that left Flickr, and are kept,
        make up for lost ones. The contexts of these may be lost, too.
        """
        if present < self._read_number("photos"):
            self.walks = self.lists_pools = True

    def begin(self) -> None:
        """Record that the work of all photos, and on pools, is unfinished.

        Only for runs that list more than changes.
        """
        if self.walks or self._settings.is_partial:
            self._journal.record([("state", "unfinished", "full" if self.is_full else "walk")])
        if self.lists_pools and not self._settings.is_partial:
            self._journal.record([("state", "pools", None)])

    def count_groups(self) -> int:
        """Return the number of groups with photos in the mirror, or at least 1 if it may have any."""
        # A mirror of an earlier version has no counts.
        return int(not self.is_first) if self._groups is None else len(self._groups)

    def count_in_group(self, group_id: str) -> int:
        """Return the number of photos in the mirror in a group, or at least 1 if there may be any."""
        if self._groups is None:
            return int(not self.is_first)
        return to_whole_number(self._groups.get(group_id)) or 0

    def end(self, mark: int, groups: Mapping[str, int] | None) -> None:
        """Record the end of a run over the whole account.

        `groups` has the number of the person's photos in each group that has any; None if that is
        unknown.
        """
        if self._settings.is_partial:
            return
        entries: list[Entry] = [
            ("state", "mark", max(mark, self.mark) or None),
            ("state", "scope", self._scope),
            ("state", "unfinished", None),
        ]
        if self.is_full or self.is_first:
            entries.append(("state", "full", self._now))
        if self.lists_pools:
            # A pool that failed is read again by the next run.
            entries.append(("state", "pools", groups is not None or None))
            if groups is not None:
                entries.append(("state", "groups", dict(groups)))
        self._journal.record(entries)

    def end_incomplete(self) -> None:
        """Record the end of a run that did not find all photos: the next run does the same again."""
        if self.lists_pools and not self._settings.is_partial:
            self._journal.record([("state", "pools", None)])

    def record_photos(self, present: int) -> None:
        """Record the number of photos in the mirror at the end of a run."""
        self._journal.record([("state", "photos", present)])

    def _adds_videos(self, scope: Scope) -> bool:
        """Return True if earlier runs left videos out, whose groups they did not write."""
        earlier = Scope.from_text(self._journal.get("state", "scope"))
        return earlier is not None and scope.videos and not earlier.videos

    def _read_number(self, key: str) -> int:
        value: Any = self._journal.get("state", key)
        return value if type(value) is int else 0
