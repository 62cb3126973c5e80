"""A run of downsync: its steps, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.download import Result
from pyflickr_web.mirror.events import RunEstimated, WorkPlanned
from pyflickr_web.mirror.files.spool import Spool, Spools
from pyflickr_web.mirror.journal import Entry
from pyflickr_web.mirror.layout import (
    FAVORITES,
    SIZE_FOLDERS,
    Tree,
    is_photo_id,
    parse_name,
)
from pyflickr_web.mirror.listing import FAVORITES_STREAM, Listing
from pyflickr_web.mirror.metadata.photo_files import lacks_size
from pyflickr_web.mirror.metadata.pictures import Picture
from pyflickr_web.mirror.pacing.estimate import CountedWork, count_listing_calls, estimate
from pyflickr_web.mirror.pruning import PruneOptions
from pyflickr_web.mirror.report import REMOVAL
from pyflickr_web.mirror.session.jobs import run_jobs
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.album_collections import CollectionWork, fetch_collections, plan_tree
from pyflickr_web.mirror.steps.albums import AlbumWork
from pyflickr_web.mirror.steps.checked_listing import is_album
from pyflickr_web.mirror.steps.context_candidates import find_context_candidates, has_late_photos
from pyflickr_web.mirror.steps.orphaned_parts import remove_orphaned_parts
from pyflickr_web.mirror.steps.photo_counts import count_documents, count_kept, count_photos
from pyflickr_web.mirror.steps.photo_listing import PhotoSearch
from pyflickr_web.mirror.steps.photos import PhotoWork, SizesJob
from pyflickr_web.mirror.steps.prune import Prune
from pyflickr_web.mirror.steps.repairs import complete_kept_photos, find_faulty, settle_repairs
from pyflickr_web.mirror.takeover.file_check import FileCheck
from pyflickr_web.mirror.takeover.photo_check import PhotoCheck
from pyflickr_web.transports.errors import FlickrError, MirrorError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

_TREE = Tree()
# The parts of an account without whose listings nothing is removed, by their names among the failures.
_PARTS = ("albums", "groups", "collections")
# The reason to look for a photo again.
_NOT_FOUND = "Flickr listed it, and then did not find it"
LISTING_NOTICE = (
    "metadata from listings: tags without spaces and capitals, and no notes; a run without "
    "--metadata listing completes them"
)


class Run:
    """The steps of a run. `spools` keeps the lists that do not fit into memory."""

    def __init__(self, session: Session, prune: PruneOptions, spools: Spools) -> None:
        self._session = session
        self._prune = Prune(session, prune, session.placement.date)
        self._earlier_count: int | None = None
        if not (session.state.walks or session.settings.is_partial):
            self._earlier_count, _ = count_documents(session)
            session.state.check_photos(self._earlier_count)
        self._later, self._jobs, self._favorite_jobs = (spools.make() for _ in range(3))
        walks = session.state.walks
        self._photos = self._make_work(_TREE, walks)
        self._favorites = self._make_work(Tree(FAVORITES), session.settings.favorites)
        self._check = FileCheck(session)
        self._faulty = find_faulty(session.journal)
        unchecked, unchecked_favorites = spools.make(), spools.make()
        self._search = self._make_search(self._photos, self._jobs, unchecked)
        self._favorite_search = self._make_search(
            self._favorites, self._favorite_jobs, unchecked_favorites
        )

    def _make_work(self, tree: Tree, scan: bool) -> PhotoWork:
        session = self._session
        local = PhotosOnDisk(session.folder.root, session.journal, tree, scan)
        return PhotoWork(session, tree, local, self._later)

    def _make_search(self, work: PhotoWork, jobs: Spool, unchecked: Spool) -> PhotoSearch:
        check = PhotoCheck(self._check, work.tree, work.local, unchecked)
        return PhotoSearch(work, jobs, check, partial(self._show_plan, work))

    def plan(self) -> Flow:
        """List the account and pass the work on as events, without writing anything; a flow."""
        yield from self._session.work(self._check.announce)
        albums = yield from self._list()
        self._estimate(albums)
        if not self._session.settings.is_partial:
            for album_id in (*albums.plan.list_photos, *albums.plan.rewrite):
                if album_id not in albums.plan.unchanged:
                    self._show("album", album_id, ("photos",))
            collections = yield from plan_tree(self._session)
            for collection_id in collections.plan.write if collections else ():
                self._show("collection", collection_id, ("tree",))
            removals = yield from self._remove(self._prune.list_removals, albums, collections)
            for kind, item_id in removals or ():
                self._show(kind, item_id, ("remove",))

    def perform(self) -> Flow:
        """Mirror the account; a flow."""
        session, settings = self._session, self._session.settings
        yield from session.work(session.state.begin)
        yield from self._check.begin()
        albums = yield from self._list()
        searches = self._search, self._favorite_search
        yield from self._check.run(search.check_files() for search in searches)
        self._estimate(albums)
        workers = session.downloads.workers
        session.events.start("photos", len(self._jobs) + len(self._favorite_jobs))
        yield from run_jobs(iter(self._jobs), self._photos.fetch_photo, workers)
        yield from run_jobs(iter(self._favorite_jobs), self._favorites.fetch_photo, workers)
        yield from session.work(session.placement.flush)
        collections = None
        if not settings.is_partial:
            yield from self._write_albums(albums)
            collections = yield from plan_tree(session)
            if collections:
                yield from fetch_collections(collections, self._photos)
        session.events.start("sizes", len(self._later))
        yield from run_jobs(iter(self._later), self._fetch_sizes, workers)
        yield from session.work(session.placement.flush)
        yield from self._fetch_deferred()
        yield from self._end(albums, collections)

    def _list(self) -> Flow:
        """List albums, photos and favorites; a flow that returns the work on albums."""
        session, settings = self._session, self._session.settings
        if settings.scope.metadata == "listing":
            session.events.notify(LISTING_NOTICE)
        albums = yield from AlbumWork.begin(session)
        album_ids = albums.find_wanted()
        session.events.start("listing")
        if settings.albums:
            yield from self._search.list_albums(album_ids)
        elif (
            session.state.walks
            or settings.is_partial
            or not (yield from self._search.list_changes(session.state.mark))
        ):
            yield from self._search.walk_stream()
        if settings.favorites:
            try:
                yield from self._favorite_search.walk_stream(FAVORITES_STREAM)
            except FlickrError as error:
                session.fail_part("favorites", error)
        return albums

    def _estimate(self, albums: AlbumWork) -> None:
        """Say what a first run takes, unless it continues what another program began.

        A run over a part of the photos is a first one until one over the whole account has ended.
        """
        session = self._session
        if not session.state.is_first or self._check.count:
            return
        own, favorites = self._search.found, self._favorite_search.found
        work = own.work + favorites.work
        if session.settings.is_partial:
            if work == CountedWork():
                return
            # It lists nothing more.
            listing_calls = session.calls.count
        else:
            photos = len(own.ids) + len(favorites.ids)
            listing_calls = count_listing_calls(photos, len(albums.plan.list_photos))
        paces = session.calls.an_hour, session.downloads.pace.a_second
        estimated = estimate(work, listing_calls, *paces)
        is_first = not self._photos.local.list_ids()
        session.events.emit(RunEstimated(estimated, is_first))

    def _write_albums(self, albums: AlbumWork) -> Flow:
        """Write contexts first and then albums, so that a killed run repeats both."""
        session = self._session
        yield from albums.list_photos()
        search = partial(has_late_photos, session, self._search.found)
        session.state.lists_pools |= yield from session.work(search)
        if session.state.lists_pools:
            yield from albums.list_pools()
        candidates = yield from find_context_candidates(session, albums, self._search.found)
        yield from albums.write_contexts(candidates)
        yield from session.work(session.placement.flush)
        yield from albums.write()
        yield from session.work(session.placement.flush)

    def _fetch_sizes(self, values: list[Any]) -> Flow:
        job = SizesJob(*values)
        work = self._favorites if job.tree else self._photos
        yield from work.fetch_sizes(job)

    def _fetch_deferred(self) -> Flow:
        """Try files again that Flickr refused at first, and complete the metadata of their photos."""
        session = self._session
        touched: dict[str, set[str]] = {}
        session.events.start("retries", session.downloads.deferred_count)

        def handle(picture: Picture, result: Result) -> Flow:
            file = parse_name(picture.name)
            assert file
            work = self._favorites if file.tree else self._photos
            yield from work.files.handle(picture, result)
            if file.kind == "picture":
                touched.setdefault(file.tree, set()).add(file.id)
            session.events.advance("retries")

        yield from session.downloads.fetch_deferred(handle)
        yield from session.work(session.placement.flush)
        for tree, photo_ids in touched.items():
            work = self._favorites if tree else self._photos
            yield from session.work(partial(work.files.complete_photos, sorted(photo_ids)))
        # Before the state says that these photos are complete.
        yield from session.work(session.placement.flush)

    def _end(self, albums: AlbumWork, collections: CollectionWork | None) -> Flow:
        """Record the state, remove what left Flickr, and count what is there."""
        session, found = self._session, self._search.found
        yield from self._check.settle()
        yield from session.work(self._record_failures)
        yield from session.work(self._complete_kept_photos)
        covered = {"": found.ids, FAVORITES: self._favorite_search.found.ids}
        yield from session.work(partial(settle_repairs, session, self._faulty, covered))
        videos = yield from session.work(self._photos.files.count_missing_videos)
        session.report.videos_without_file = videos
        groups = albums.count_groups()
        end = partial(session.state.end, found.mark, groups)
        yield from session.work(end if found.is_whole else session.state.end_incomplete)
        yield from self._remove(self._prune.prune, albums, collections)
        yield from session.work(partial(remove_orphaned_parts, self._photos, found.listing))
        favorites = self._favorite_search.found.listing
        yield from session.work(partial(remove_orphaned_parts, self._favorites, favorites))
        gone = albums.plan.missing, collections.plan.missing if collections else ()
        yield from session.work(partial(count_kept, session, *gone))
        if not session.settings.is_partial:
            yield from count_photos(session, found, self._earlier_count)

    def _complete_kept_photos(self) -> None:
        """Complete the lists of sizes of photos that left Flickr, if a run that was stopped left any."""
        listing = None if self._session.settings.is_partial else self._search.found.listing
        complete_kept_photos(self._photos.files, listing, self._faulty)
        favorites = self._favorite_search.found.listing
        complete_kept_photos(self._favorites.files, favorites, self._faulty)
        self._session.placement.flush()

    def _remove(
        self,
        remove: Callable[[Listing, AlbumWork, CollectionWork], Flow],
        albums: AlbumWork,
        collections: CollectionWork | None,
    ) -> Flow:
        """Remove or list what left Flickr, if the run may; a refusal ends nothing but that."""
        session, listing = self._session, self._search.found.listing
        if not session.settings.remove_deleted or listing is None:
            return None
        failed = [part for part in _PARTS if part in session.report.failed]
        try:
            if failed or collections is None:
                parts = " and ".join(failed)
                raise MirrorError(f"nothing was removed: {parts} could not be listed; run it again")
            return (yield from remove(listing, albums, collections))
        except MirrorError as error:
            session.report.refuse_removal(error)
        except FlickrError as error:
            session.fail_part(REMOVAL, error)
        return None

    def _record_failures(self) -> None:
        """Remember the photos that failed, and forget those that succeeded now.

        A run over a part forgets none: it writes no contexts, which the next one has to write.
        """
        session = self._session
        # The next run looks for these again: one answer of Flickr may be wrong.
        failed = dict.fromkeys(self._photos.gone_ids, _NOT_FOUND) | session.report.failed
        entries: list[Entry] = [("failed", one, reason) for one, reason in failed.items()]
        if not session.settings.is_partial:
            entries += [
                ("failed", one, None)
                for one in session.journal.section("failed")
                if one not in failed and self._is_covered(one)
            ]
        session.journal.record(entries)

    def _is_covered(self, item: str) -> bool:
        """Return True if the run looked at a photo, album or other part that failed earlier.

        Also at a photo that a complete listing lacks: it left Flickr.
        """
        if is_photo_id(item):
            found = self._search.found
            return item in found.ids or (found.listing is not None and found.listing.is_complete)
        # Without the list of albums, none of them is read.
        return not (is_album(item) and "albums" in self._session.report.failed)

    def _show_plan(self, work: PhotoWork, item: Mapping[str, Any]) -> None:
        if self._session.settings.dry_run:
            plan, _ = work.plan(item)
            documents = {"metadata": plan.info, "comments": plan.comments, "exif": plan.exif}
            parts = [name for name, is_planned in documents.items() if is_planned]
            parts += [SIZE_FOLDERS[size] for size in plan.sizes if not lacks_size(item, size)]
            self._show("favorite" if work.tree.prefix else "photo", plan.photo_id, tuple(parts))

    def _show(self, kind: Any, item_id: str, parts: tuple[str, ...]) -> None:
        self._session.report.count("planned")
        self._session.events.emit(WorkPlanned(kind, item_id, parts))
