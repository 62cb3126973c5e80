"""Place and report the files of photos that were fetched, and list their sizes in the metadata."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pyflickr_web.mirror.download import (
    DeferredFile,
    FailedFile,
    FetchedFile,
    Result,
    UnavailableFile,
)
from pyflickr_web.mirror.events import FileFetched
from pyflickr_web.mirror.files.folder import NewFile
from pyflickr_web.mirror.files.sums import hash_file
from pyflickr_web.mirror.journal import DAMAGED, Entry
from pyflickr_web.mirror.layout import NODE_SIZES, Tree, parse_name
from pyflickr_web.mirror.metadata.pictures import VIDEO_FORMATS, Picture
from pyflickr_web.mirror.plan import ORIGINAL, PhotoOnDisk
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk
from pyflickr_web.mirror.session.session import Session

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


@dataclass(frozen=True, slots=True)
class FetchedFiles:
    """The files of the photos of one tree, as a run fetches them."""

    session: Session
    tree: Tree
    local: PhotosOnDisk

    def handle(self, picture: Picture, result: Result) -> Flow:
        """Place and report a fetched file, or report a failure; return True if the file is there."""
        session = self.session
        file = parse_name(picture.name)
        photo_id = file.id if file else picture.name
        if isinstance(result, FetchedFile):
            yield from session.work(partial(self._place, picture, result))
            return True
        if isinstance(result, UnavailableFile):
            yield from session.work(partial(self._record_unavailable, picture, result))
            self._report_unavailable(picture, result)
        elif isinstance(result, FailedFile):
            session.fail(self.tree.label(photo_id), f"{picture.name}: {result.reason}")
        elif not isinstance(result, DeferredFile):
            raise TypeError(result)
        return False

    def complete_photos(self, photo_ids: Iterable[str]) -> None:
        """Complete the lists of sizes in the metadata of photos, from the files on the disk."""
        photos = PhotosOnDisk(self.session.folder.root, self.session.journal, self.tree)
        for photo_id in photo_ids:
            local = photos.read(photo_id)
            self.complete(photo_id, set(local.sizes - local.outdated))

    def add_sizes(self, photo_ids: Iterable[str]) -> None:
        """Add the sizes on the disk to the lists in the metadata of photos that a run does not fetch.

        A run that was stopped may have left some out. None is removed: a file that is listed and missing
        is a finding of `verify`.
        """
        photos = PhotosOnDisk(self.session.folder.root, self.session.journal, self.tree)
        for photo_id in photo_ids:
            local = photos.read(photo_id)
            if local.info is not None:
                value = local.info.get("sizes")
                listed = value if isinstance(value, list) else []
                self.complete(photo_id, [*(local.sizes - local.outdated), *listed])

    def complete(self, photo_id: str, sizes: Collection[str]) -> None:
        """Complete the list of sizes in the metadata of a photo."""
        name = self.tree.document("photo", photo_id)
        info = self.local.find_document("photo", photo_id)
        if info is None or info.get("sizes") == list_sizes(sizes):
            return
        file = self.session.folder.write_json(name, {**info, "sizes": list_sizes(sizes)})
        self.session.placement.add([file] if file else [])

    def _place(self, picture: Picture, result: FetchedFile) -> None:
        """Place a file. A replaced original goes to the trash, whatever its format."""
        session, new = self.session, result.file
        file = parse_name(new.name)
        assert file
        replaced: list[str] = []
        entries: list[Entry] = list(result.entries)
        if file.kind == "picture" and file.size == ORIGINAL:
            originals = self.find_originals(file.id)
            replaced = [one for one in originals if not self._is_equal(one, new)]
            entries += [("outdated", name, None) for name in replaced if name != new.name]
        session.placement.add([new], entries, replaced)
        session.report.count("fetched_files")
        session.report.count("fetched_bytes", new.size)
        if result.damage:
            session.report.damaged.append(new.name)
        session.events.emit(FileFetched(new.name, new.size))

    def _is_equal(self, name: str, new: NewFile) -> bool:
        """Return True if a file has the name and the content of a new one, which is its repair."""
        file = self.session.folder.root / name
        try:
            is_candidate = name == new.name and file.stat().st_size == new.size
            return is_candidate and hash_file(file) == new.sha256
        except OSError:
            return False

    def count_missing_videos(self) -> int:
        """Return the number of videos of which Flickr gave no file, in this run or an earlier one."""
        session = self.session
        files = [parse_name(name) for name in session.journal.section("unavailable")]
        videos = {
            file.id
            for file in files
            if file and file.tree == self.tree.prefix and file.extension in VIDEO_FORMATS
        }
        local = PhotosOnDisk(session.folder.root, session.journal, self.tree)
        return sum(1 for photo_id in videos if ORIGINAL not in local.read(photo_id).sizes)

    def find_originals(self, photo_id: str) -> list[str]:
        """Return the names of the originals of a photo on the disk."""
        found = []
        for name in self.local.list_files(photo_id):
            file = parse_name(name)
            if file and file.size == ORIGINAL:
                found.append(name)
        return found

    def _record_unavailable(self, picture: Picture, result: UnavailableFile) -> None:
        """Record that Flickr does not give a file. Without an address, the photo does not have the size.

        Then a file of an earlier version goes to the trash. Otherwise it stays, and stays outdated until
        Flickr gives the new one; so does a damaged file, which may be the only copy.
        """
        # Of some videos, Flickr lists no file.
        if picture.url or picture.is_video:
            self.session.placement.add([], result.entries)
            return
        file, journal = parse_name(result.name), self.session.journal
        names = {result.name}
        if file and file.kind == "picture" and file.size == ORIGINAL:
            names.update(self.find_originals(file.id))
        replaced = sorted(
            one for one in names if journal.get("outdated", one) not in (None, DAMAGED)
        )
        forgotten: list[Entry] = [("outdated", one, None) for one in replaced]
        self.session.placement.add([], [*result.entries, *forgotten], replaced)

    def _report_unavailable(self, picture: Picture, result: UnavailableFile) -> None:
        """Report a file that should exist; that a small photo has no large sizes is no news."""
        file = parse_name(result.name)
        is_original = file is not None and file.size == ORIGINAL
        if not is_original and not picture.is_listed:
            return
        if is_original and not (picture.url or picture.is_video):
            self.session.events.notify(
                "Flickr does not give some originals: free accounts have no sizes above 1024 pixels"
            )
        self.session.report.unavailable[result.name] = result.page


def list_sizes(sizes: Collection[str]) -> list[str]:
    """Return sizes in the order of node-flickrapi's files."""
    return [size for size in NODE_SIZES if size in sizes]


def has_stale_sizes(local: PhotoOnDisk) -> bool:
    """Return True if the list of sizes in a photo's metadata is not that of its files."""
    return local.info is not None and (
        local.info.get("sizes") != list_sizes(local.sizes - local.outdated)
    )
