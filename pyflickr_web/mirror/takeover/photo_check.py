"""The check of the photos' files without a checksum, with what a listing tells about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.contents.document_checks import EMPTY
from pyflickr_web.mirror.files.spool import Spool
from pyflickr_web.mirror.layout import MirrorFile, Tree, parse_name
from pyflickr_web.mirror.metadata.photo_files import list_dimensions, shorten
from pyflickr_web.mirror.session.jobs import run_jobs
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk
from pyflickr_web.mirror.takeover.file_check import FileCheck
from pyflickr_web.mirror.takeover.rules import (
    NOTHING_EXPECTED,
    ExpectedPictures,
    expect_pictures,
    has_missing_comments,
)

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PhotoCheck:
    """The check of the photos in one tree. Listed photos wait in `jobs`, and are planned after it."""

    check: FileCheck
    tree: Tree
    local: PhotosOnDisk
    jobs: Spool

    def take(self, item: Item) -> bool:
        """Return True if a listed photo has files to be checked: then it is planned after the check."""
        names = self.check.files.photos[self.tree.prefix].take(str(item["id"]))
        if names:
            nsid = self.check.session.account.nsid
            self.jobs.add([names, shorten(item, nsid), list_dimensions(item)])
        return bool(names)

    def run(self, plan: Callable[[Item], object]) -> Flow:
        """Check the files of listed photos, and plan these; a flow."""

        def handle(job: list[Any]) -> Flow:
            names, item, dimensions = job
            yield from self._work(partial(self._check_and_plan, names, item, dimensions, plan))

        yield from run_jobs(iter(self.jobs), handle, self.check.workers)

    def run_rest(self) -> Flow:
        """Check the files of photos that the run has not listed; a flow."""

        def handle(job: tuple[str, list[str]]) -> Flow:
            photo_id, names = job
            yield from self._work(partial(self._check, photo_id, names))

        remaining = self.check.files.photos[self.tree.prefix].take_all()
        yield from run_jobs(remaining, handle, self.check.workers)

    def _work(self, function: Callable[[], object]) -> Flow:
        yield from self.check.session.work(function)
        self.check.session.events.advance("checking")

    def _check_and_plan(
        self,
        names: Iterable[str],
        item: Item,
        dimensions: Mapping[str, Any],
        plan: Callable[[Item], object],
    ) -> None:
        self._check(str(item["id"]), names, item, dimensions)
        plan(item)

    def _check(
        self,
        photo_id: str,
        names: Iterable[str],
        item: Item | None = None,
        dimensions: Mapping[str, Any] | None = None,
    ) -> None:
        """Check the files of a photo: first its JSON files, which tell about its pictures."""
        files = [(name, file) for name in names if (file := parse_name(name))]
        for name, file in files:
            if file.is_document:
                self._check_document(name, file, item)
        pictures = [(name, file) for name, file in files if not file.is_document]
        if pictures:
            expected = self._expect_pictures(photo_id, item, dimensions or {})
            for name, file in pictures:
                self._check_picture(name, file, expected)

    def _check_document(self, name: str, file: MirrorFile, item: Item | None) -> None:
        document = self.check.check_document(name, file)
        if document.value is None:
            self.local.forget(file.id, file.kind)
            if file.kind == "contexts":
                # Only the pools of groups tell which of them the photo is in.
                self.check.session.state.lists_pools = True
        elif file.kind == "comments" and item and has_missing_comments(document.value, item):
            self.local.forget(file.id, file.kind)

    def _expect_pictures(
        self, photo_id: str, item: Item | None, dimensions: Mapping[str, Any]
    ) -> ExpectedPictures:
        if item is None:
            return NOTHING_EXPECTED
        return expect_pictures(item, dimensions, self.local.read(photo_id).info)

    def _check_picture(self, name: str, file: MirrorFile, expected: ExpectedPictures) -> None:
        fault = self.check.check_picture(name, file, expected)
        # An empty one counts as missing.
        if fault and fault != EMPTY:
            self.local.set_outdated(file.id, file.size)
            self.check.set_outdated(name)
