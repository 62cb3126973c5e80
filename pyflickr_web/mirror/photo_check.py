"""The check of the photos' files without a checksum, with what a listing tells about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.checking import FileCheck
from pyflickr_web.mirror.document_checks import EMPTY
from pyflickr_web.mirror.effects import run_jobs
from pyflickr_web.mirror.layout import Tree, parse_name
from pyflickr_web.mirror.local import LocalPhotos
from pyflickr_web.mirror.photo_files import list_dimensions, shorten
from pyflickr_web.mirror.spool import Spool
from pyflickr_web.mirror.takeover import (
    NOTHING_EXPECTED,
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
    local: LocalPhotos
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
        """Check the files of a photo: its JSON files first."""
        expected = None
        for name in names:
            file = parse_name(name)
            assert file
            if file.kind == "picture":
                if expected is None:
                    info = self.local.read(photo_id).info
                    expected = (
                        expect_pictures(item, dimensions or {}, info) if item else NOTHING_EXPECTED
                    )
                fault = self.check.check_picture(name, file, expected)
                if fault and fault != EMPTY:
                    # An empty one counts as missing.
                    self.local.set_outdated(photo_id, file.size)
                    self.check.set_outdated(name)
                continue
            document = self.check.check_document(name, file)
            is_old = (
                file.kind == "comments"
                and item is not None
                and document.value is not None
                and has_missing_comments(document.value, item)
            )
            if document.value is None or is_old:
                self.local.forget(photo_id, file.kind)
            if document.value is None and file.kind == "contexts":
                # Only the pools of groups tell which of them the photo is in.
                self.check.session.state.lists_pools = True
