"""The step of a run that finds the photos with work: by changes since the last run, or of all photos."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.mirror.files.spool import Spool
from pyflickr_web.mirror.layout import is_photo_id
from pyflickr_web.mirror.listing import (
    EVERYTHING,
    PHOTOS,
    Listing,
    Stream,
    find_latest_change,
    find_mark,
    list_changes,
    walk,
)
from pyflickr_web.mirror.metadata.photo_files import LISTING_EXTRAS, merge_info, shorten
from pyflickr_web.mirror.pacing.estimate import CountedWork
from pyflickr_web.mirror.pruning import may_remove
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.checked_listing import check_stream, list_album
from pyflickr_web.mirror.steps.photo_documents import fetch_info
from pyflickr_web.mirror.steps.photos import PhotoWork
from pyflickr_web.mirror.takeover.photo_check import PhotoCheck
from pyflickr_web.transports.errors import FlickrError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Item = Mapping[str, Any]
# Seconds before the mark that are listed again: changes of the same moment may appear late.
OVERLAP = 3600
# More failed photos than this are found by a stream, not one by one.
MOST_FAILED = 200


@dataclass(slots=True)
class FoundPhotos:
    """The photos that the step found: those with `work` in `jobs`, and the ids of all that it listed.

    `listing` is that of the whole stream, if the step walked it; `mark` the greatest `lastupdate`.
    `is_whole` is False if photos are missing in that listing.
    """

    jobs: Spool
    mark: int = 0
    listing: Listing | None = None
    is_whole: bool = True
    ids: Collection[str] = field(default_factory=set)
    work: CountedWork = field(default_factory=CountedWork)


class PhotoSearch:
    """Finds photos with work in one tree."""

    def __init__(
        self,
        work: PhotoWork,
        jobs: Spool,
        check: PhotoCheck,
        on_job: Callable[[Item], object] | None = None,
    ) -> None:
        self._session: Session = work.session
        self._work = work
        self._check = check
        self._lock = Lock()
        self._on_job = on_job
        self.found = FoundPhotos(jobs)

    def walk_stream(self, stream: Stream = PHOTOS) -> Flow:
        """Find photos in the whole stream, or from the date in the settings on; a flow.

        The mark of the owner's photos is from before it: a photo that was listed may change while others
        are listed, which takes hours on a computer that sleeps.
        """
        session, mark = self._session, None
        if stream is PHOTOS and session.account.is_signed_in and not session.settings.is_partial:
            mark = yield from find_latest_change(session.call)
        values: dict[str, Any] = {"user_id": session.account.user_id, "extras": LISTING_EXTRAS}
        if stream is PHOTOS:
            values |= EVERYTHING
            if session.settings.since is not None:
                values["min_upload_date"] = session.settings.since
        listing = yield from walk(session.call, stream, values, self._add)
        self.found.listing, self.found.ids = listing, listing.items.keys()
        if mark is not None:
            self.found.mark = mark
        part = "photos" if stream is PHOTOS else "favorites"
        if fault := (yield from check_stream(session, part, stream, values, listing)):
            self.found.is_whole = False
            session.fail(part, fault)

    def list_changes(self, mark: int) -> Flow:
        """Find photos that changed since a mark, and those that failed in the last run; a flow.

        Returns False if the stream must be walked instead.
        """
        session = self._session
        failed = [one for one in session.journal.section("failed") if is_photo_id(one)]
        if len(failed) > MOST_FAILED:
            return False
        since = max(1, mark - OVERLAP)
        listing = yield from list_changes(session.call, since, LISTING_EXTRAS)
        if listing is None:
            return False
        items = [item for item in listing.items.values() if item]
        others = [one for one in failed if one not in listing.items]
        found_again = yield from self._find_failed(others)
        if (yield from session.work(partial(self._lacks_metadata, found_again))):
            return False
        self.found.mark = mark
        yield from self._add([*items, *found_again])
        self.found.ids = {*listing.items, *others}
        return True

    def check_files(self) -> Flow:
        """Check the files without a checksum of the photos that were listed, and plan these; a flow."""
        yield from self._check.run(self._plan)
        yield from self._check.run_rest()

    def list_albums(self, album_ids: Iterable[str]) -> Flow:
        """Find the photos of albums, from the date in the settings on; a flow."""
        session, ids = self._session, set[str]()
        since = session.settings.since or 0
        for album_id in album_ids:
            listing = yield from list_album(session, album_id, 0, extras=LISTING_EXTRAS)
            if listing is None:
                continue
            items = [item for item in listing.items.values() if item and item["id"] not in ids]
            # This method has no `min_upload_date`.
            items = [one for one in items if (to_whole_number(one.get("dateupload")) or 0) >= since]
            ids.update(item["id"] for item in items)
            yield from self._add(items)
        self.found.ids = ids

    def _find_failed(self, photo_ids: Iterable[str]) -> Flow:
        """Return the photos of which something failed, by their metadata; a flow."""
        session = self._session
        found: list[dict[str, Any]] = []
        for photo_id in photo_ids:
            try:
                info = yield from fetch_info(session, photo_id)
                found.append(merge_info({"id": photo_id}, info))
            except FlickrError as error:
                if may_remove(error):
                    yield from session.forget_failure(photo_id)
                else:
                    session.fail(photo_id, error)
        return found

    def _lacks_metadata(self, items: list[dict[str, Any]]) -> bool:
        """Return True if metadata must be written that only the items of a listing have."""
        is_listing = self._session.settings.scope.metadata == "listing"
        return is_listing and any(self._work.plan(item)[0].info for item in items)

    def _add(self, items: list[dict[str, Any]]) -> Flow:
        yield from self._session.work(partial(self._add_items, items))
        self._session.events.advance("listing", len(items))

    def _add_items(self, items: list[dict[str, Any]]) -> None:
        found = self.found
        found.mark = find_mark(items, found.mark)
        for item in items:
            if not self._check.take(item):
                self._plan(item)

    def _plan(self, item: Item) -> None:
        """Add a photo to the jobs if it needs work; threads may call it."""
        found = self.found
        plan = self._work.plan_work(item)
        if plan is None:
            return
        with self._lock:
            found.work.add(item, plan, self._session.settings.scope)
        found.jobs.add(shorten(item, self._session.account.nsid))
        if self._on_job:
            self._on_job(item)
