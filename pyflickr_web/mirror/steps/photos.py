"""The steps of a run for photos: metadata and original first, then the smaller sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.mirror.download import Result, UnavailableFile
from pyflickr_web.mirror.files.spool import Spool
from pyflickr_web.mirror.journal import Entry
from pyflickr_web.mirror.layout import JPEG, NODE_SIZES, Kind, Tree
from pyflickr_web.mirror.metadata.contexts import equals_except_counters
from pyflickr_web.mirror.metadata.photo_files import (
    find_address,
    is_listed,
    merge_info,
)
from pyflickr_web.mirror.metadata.photo_info import find_page, shape_info
from pyflickr_web.mirror.metadata.pictures import EXTENSIONS, Picture, find_video
from pyflickr_web.mirror.plan import ORIGINAL, PhotoOnDisk, PhotoPlan, plan_photo
from pyflickr_web.mirror.pruning import may_remove
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.fetched_files import FetchedFiles, has_stale_sizes, list_sizes
from pyflickr_web.mirror.steps.photo_documents import fetch_documents, fetch_info
from pyflickr_web.transports.errors import FlickrError, PermissionRefused

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Item = Mapping[str, Any]


class SizesJob(NamedTuple):
    """The smaller sizes of a photo, to be fetched later: a value of JSON, as a `Spool` keeps it.

    `tree` is the prefix of its tree, `item` its item of a listing. `sizes` are to be fetched, of which
    those in `outdated` replace a file. The mirror has the sizes `have`.
    """

    tree: str
    item: dict[str, Any]
    sizes: list[str]
    have: list[str]
    outdated: list[str]


class PhotoWork:
    """The work on the photos of one tree, and the `files` that are fetched.

    `later` gets a `SizesJob` for each photo whose smaller sizes are fetched last. `gone_ids` are the
    photos that were listed, and that Flickr did not find later.
    """

    def __init__(self, session: Session, tree: Tree, local: PhotosOnDisk, later: Spool) -> None:
        self.session = session
        self.tree = tree
        self.local = local
        self.later = later
        self.gone_ids: set[str] = set()
        self.files = FetchedFiles(session, tree, local)

    def plan(self, item: Item) -> tuple[PhotoPlan, PhotoOnDisk]:
        """Plan a photo, and return its files on the disk too."""
        session, photo_id = self.session, str(item["id"])
        local = self.local.read(photo_id)
        if local.info is None and self._may_have_changed(item):
            # Without metadata, the version of its pictures is unknown.
            local = replace(local, outdated=local.outdated | local.sizes)
        if session.journal.get("unavailable", self.tree.document("exif", photo_id)):
            local = replace(local, unavailable=local.unavailable | {"exif"})
        plan = plan_photo(item, local, session.settings.scope, session.full)
        if session.settings.scope.metadata == "info" and is_from_listing(local.info):
            plan = replace(plan, info=True)
        return plan, local

    def _may_have_changed(self, item: Item) -> bool:
        """Return True if an own photo whose metadata was lost changed after the last complete run.

        In a mirror without such a run, files of another program have been checked.
        """
        mark = self.session.state.mark
        name = self.tree.document("photo", str(item["id"]))
        has_run = mark > 0 or self.session.journal.get("outdated", name) is not None
        is_later = mark < (to_whole_number(item.get("lastupdate")) or 0)
        return has_run and is_later and not self.tree.prefix

    def plan_work(self, item: Item) -> PhotoPlan | None:
        """Plan a photo, and count it if its metadata is as before.

        Returns None if nothing of it is to be fetched or written.
        """
        plan, local = self.plan(item)
        if plan.is_video and not self.session.settings.scope.videos:
            return None
        if not (plan.info or self.tree.prefix):
            self.session.report.count("unchanged_photos")
        return None if plan.is_empty and not has_stale_sizes(local) else plan

    def fetch_photo(self, item: Item) -> Flow:
        """Fetch a photo's metadata, comments and original; leave the smaller sizes for later; a flow."""
        photo_id = str(item["id"])
        try:
            yield from self._fetch(item)
        except FlickrError as error:
            if may_remove(error) and error.method == "flickr.photos.getInfo":
                # Deleted after it was listed, unless Flickr is wrong.
                self.session.report.count("gone_photos")
                self.gone_ids.add(photo_id)
            else:
                self._fail(photo_id, error)
        except ValueError as error:
            self._fail(photo_id, error)
        self.session.events.advance("photos")

    def _fail(self, photo_id: str, error: FlickrError | ValueError) -> None:
        reason = error if isinstance(error, FlickrError) else str(error)
        self.session.fail(self.tree.label(photo_id), reason)

    def _fetch(self, item: Item) -> Flow:
        session = self.session
        plan, local = yield from session.work(partial(self.plan, item))
        info: dict[str, Any] | None = None
        if plan.info and session.settings.scope.metadata == "info":
            info = yield from fetch_info(session, plan.photo_id)
            item = merge_info(item, info)
            plan = replace((yield from session.work(partial(self.plan, item)))[0], info=True)
        elif plan.info:
            info = shape_info(item)
        documents = yield from fetch_documents(session, self.tree, plan, info or item)
        have = (local.sizes - plan.outdated) & set(NODE_SIZES)
        yield from session.work(partial(self._write, plan, local, info, documents, have))
        if plan.info:
            name = self.tree.document("photo", plan.photo_id)
            is_new = local.info is None and name not in session.folder.outdated_documents
            own = "new_photos" if is_new else "updated_photos"
            session.report.count("fetched_favorites" if self.tree.prefix else own)
        if ORIGINAL in plan.sizes:
            try:
                have |= yield from self._fetch_original(item, plan)
            except (FlickrError, ValueError) as error:
                # The smaller sizes are fetched all the same.
                self._fail(plan.photo_id, error)
        sizes = [size for size in plan.sizes if size != ORIGINAL]
        if sizes or ORIGINAL in plan.sizes or has_stale_sizes(local):
            outdated = [size for size in sizes if size in plan.outdated]
            job = SizesJob(self.tree.prefix, dict(item), sizes, sorted(have), outdated)
            yield from session.work(partial(self.later.add, job))

    def _write(
        self,
        plan: PhotoPlan,
        local: PhotoOnDisk,
        info: dict[str, Any] | None,
        documents: Mapping[Kind, dict[str, Any] | None],
        have: frozenset[str],
    ) -> None:
        """Write a photo's JSON files. What is outdated is recorded first, since they hide that."""
        session = self.session
        outdated = [one for part in plan.outdated for one in self._find_names(plan.photo_id, part)]
        names = {self.tree.document(kind, plan.photo_id): kind for kind in documents}
        outdated += [name for name, kind in names.items() if documents[kind] is None]
        session.journal.record(self._list_entries(plan, outdated))
        values = {name: documents[kind] for name, kind in names.items() if name not in outdated}
        entries: list[Entry] = [("outdated", name, None) for name in values]
        if info is not None:
            info = {**info, "sizes": list_sizes(have)}
            if not equals_except_counters(_without_sizes(local.info), _without_sizes(info)):
                values[self.tree.document("photo", plan.photo_id)] = info
        files = [session.folder.write_json(name, value) for name, value in values.items()]
        session.placement.add([file for file in files if file], entries)

    def _list_entries(self, plan: PhotoPlan, outdated: Iterable[str]) -> Iterable[Entry]:
        """Yield the entries for files that are not of the new version; damaged ones stay so."""
        for name in outdated:
            if not self.session.journal.get("outdated", name):
                yield "outdated", name, True
        for part in plan.unavailable:
            for extension in EXTENSIONS if part == ORIGINAL else (JPEG,):
                yield "unavailable", self.tree.photo_file(plan.photo_id, part, extension), None

    def _fetch_original(self, item: Item, plan: PhotoPlan) -> Flow:
        """Fetch an original, or the file of a video; return the set of sizes that the mirror has now."""
        picture = None
        time = _find_time(item, ORIGINAL in plan.outdated)
        extension = str(item.get("originalformat") or JPEG)
        page = find_page(item)
        if plan.is_video:
            answer = yield from self._list_sizes(plan.photo_id)
            picture = find_video(
                answer,
                plan.photo_id,
                tree=self.tree,
                original_format=extension,
                time=time,
                page=page,
            )
            extension = "mp4"
        elif url := find_address(item, ORIGINAL, self.session.client.photo_url):
            name = self.tree.picture(plan.photo_id, ORIGINAL, extension)
            picture = Picture(name, url, time, page)
        if picture is None:
            name = self.tree.picture(plan.photo_id, ORIGINAL, extension)
            result: Result = UnavailableFile(name, "Flickr does not give it", page)
            picture = Picture(name, "", page=page)
        else:
            result = yield from self.session.downloads.fetch(picture)
        is_present = yield from self.files.handle(picture, result)
        return {ORIGINAL} if is_present else set()

    def _list_sizes(self, photo_id: str) -> Flow:
        """Return the answer of getSizes; an empty one if the caller may not see the sizes; a flow."""
        try:
            return (yield from self.session.call("flickr.photos.getSizes", {"photo_id": photo_id}))
        except PermissionRefused:
            return {}

    def fetch_sizes(self, job: SizesJob) -> Flow:
        """Fetch a photo's smaller sizes, and complete the list of them in its metadata; a flow."""
        photo_id = str(job.item["id"])
        try:
            found = set(job.have)
            for size in job.sizes:
                picture = self._find_picture(job.item, size, size in job.outdated)
                result: Result
                if picture.url:
                    result = yield from self.session.downloads.fetch(picture)
                else:
                    result = UnavailableFile(picture.name, "the photo is smaller", picture.page)
                if (yield from self.files.handle(picture, result)):
                    found.add(size)
            yield from self.session.work(partial(self.files.complete, photo_id, found))
        except (FlickrError, ValueError) as error:
            self._fail(photo_id, error)
        self.session.events.advance("sizes")

    def _find_picture(self, item: Item, size: str, is_outdated: bool) -> Picture:
        """Return a smaller size, with an empty address if the photo does not have it."""
        name = self.tree.picture(str(item["id"]), size, JPEG)
        url = find_address(item, size, self.session.client.photo_url) or ""
        time, page = _find_time(item, is_outdated), find_page(item)
        return Picture(name, url, time, page, is_listed=is_listed(item, size))

    def _find_names(self, photo_id: str, part: str) -> list[str]:
        """Return the names of the files of a part on the disk: originals may have several formats."""
        originals = self.files.find_originals(photo_id) if part == ORIGINAL else []
        return originals or [self.tree.photo_file(photo_id, part)]


def is_from_listing(info: Item | None) -> bool:
    """Return True for metadata that lacks what only getInfo gives."""
    return info is not None and "usage" not in info and "editability" not in info


def _without_sizes(info: Item | None) -> Item | None:
    return info and {name: value for name, value in info.items() if name != "sizes"}


def _find_time(item: Item, is_outdated: bool) -> int | None:
    """Return the time of a file: the date posted, or that of the change for one that is replaced."""
    return to_whole_number(item.get("lastupdate" if is_outdated else "dateupload"))
