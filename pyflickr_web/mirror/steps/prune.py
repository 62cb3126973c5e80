"""The step of a run that moves to the trash what is no longer on Flickr, after all checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.contents.document_checks import list_icons
from pyflickr_web.mirror.files.json_files import read_json
from pyflickr_web.mirror.files.trash import move_to_trash
from pyflickr_web.mirror.journal import Entry, Journal, Section
from pyflickr_web.mirror.layout import Tree, parse_name
from pyflickr_web.mirror.listing import Listing
from pyflickr_web.mirror.pruning import (
    PruneOptions,
    PruneRefused,
    check_counts,
    check_listings,
    find_missing,
)
from pyflickr_web.mirror.session.photos_on_disk import PhotosOnDisk, list_documents
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.album_collections import CollectionWork, list_collections
from pyflickr_web.mirror.steps.albums import AlbumWork, list_albums
from pyflickr_web.mirror.steps.photo_lookups import is_deleted, list_ids

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

_TREE = Tree()
_LOCAL_SECTIONS: tuple[Section, ...] = ("outdated", "unavailable", "damaged")
# The photos that are removed together: each time, all lines of `SHA256SUMS` are read.
CHUNK = 1_000


class Prune:
    """The deletion of a run. `date` names the folder in the trash."""

    def __init__(self, session: Session, options: PruneOptions, date: str) -> None:
        self._session = session
        self._options = options
        self._date = date

    def list_removals(self, first: Listing, albums: AlbumWork, collections: CollectionWork) -> Flow:
        """Return the kinds and ids of what would be removed, for a dry run; a flow.

        If it is too much to go without confirmation, it is listed all the same, and the refusal is
        reported. `first` is the run's listing of the account. Raises `MirrorError` if another check
        fails.
        """
        photos, local = yield from self._find_missing(first)
        try:
            self._check_counts(photos, local, albums, collections)
            photos = yield from self._confirm(photos, albums, collections)
        except PruneRefused as error:
            self._session.report.refuse_removal(error)
        return [
            *(("photo", one) for one in photos),
            *(("album", one) for one in albums.plan.missing),
            *(("collection", one) for one in collections.plan.missing),
        ]

    def prune(self, first: Listing, albums: AlbumWork, collections: CollectionWork) -> Flow:
        """Remove what is no longer on Flickr; a flow.

        These are the photos that two listings and Flickr's own answer show to be deleted, and the albums
        and collections that two listings lack. `first` is the run's listing of the account. Raises
        `MirrorError`, before anything is removed, if a check fails.
        """
        work = self._session.work
        missing, local = yield from self._find_missing(first)
        self._check_counts(missing, local, albums, collections)
        photos = yield from self._confirm(missing, albums, collections)
        entries = yield from work(partial(_find_entries, self._session.journal, photos))
        for start in range(0, len(photos), CHUNK):
            chunk = photos[start : start + CHUNK]
            yield from work(partial(self._remove_photos, chunk, local, entries))
        # Contexts first: a run that is killed here removes the albums the next time.
        yield from albums.forget_missing(first.items)
        names = [_TREE.document("photoset", one) for one in albums.plan.missing]
        yield from work(partial(self._remove, names))
        yield from work(partial(self._remove_collections, collections))

    def _find_missing(self, first: Listing) -> Flow:
        """List the account again, and return the photos that it lacks, and those on the disk; a flow."""
        session = self._session
        session.events.start("deleting")
        second = yield from list_ids(session)
        scan = partial(PhotosOnDisk, session.folder.root, session.journal, scan=True)
        local: PhotosOnDisk = yield from session.work(scan)
        return find_missing(first, second, local.list_ids()), local

    def _check_counts(
        self,
        missing: list[str],
        local: PhotosOnDisk,
        albums: AlbumWork,
        collections: CollectionWork,
    ) -> None:
        """Raise `PruneRefused` if too much would go."""
        counts = {
            "photo": (len(missing), len(local.list_ids())),
            "album": (len(albums.plan.missing), len(albums.local)),
            "collection": (len(collections.plan.missing), collections.local_count),
        }
        check_counts(self._options, counts)

    def _confirm(self, missing: list[str], albums: AlbumWork, collections: CollectionWork) -> Flow:
        """Return the photos that are certainly deleted at Flickr, after all checks; a flow."""
        session = self._session
        yield from self._check_again(albums, collections)
        deleted: list[str] = []
        for photo_id in missing:
            if (yield from is_deleted(session, photo_id)):
                deleted.append(photo_id)
            session.events.advance("deleting")
        return deleted

    def _check_again(self, albums: AlbumWork, collections: CollectionWork) -> Flow:
        """List albums and collections a second time if some would go, which must be the same; a flow.

        An answer that has none, or only some, looks like that of an account without the others.
        """
        if albums.plan.missing:
            second = yield from list_albums(self._session)
            check_listings("album", albums.listing, second)
        if collections.plan.missing:
            second, _ = yield from list_collections(self._session)
            check_listings("collection", collections.listing, second)

    def _remove_collections(self, work: CollectionWork) -> None:
        """Remove the collections that Flickr lacks, with icons that only they have."""
        root = self._session.folder.root
        missing = {
            one: read_json(root / _TREE.document("collection", one)) for one in work.plan.missing
        }
        others = [
            read_json(root / _TREE.document("collection", one))
            for one in list_documents(root, "collection")
            if one not in missing
        ]
        icons = _find_icons(missing.values()) - _find_icons(others)
        self._remove([*(_TREE.document("collection", one) for one in missing), *sorted(icons)])

    def _remove_photos(
        self, photo_ids: list[str], local: PhotosOnDisk, entries: Mapping[str, list[Entry]]
    ) -> None:
        """Remove the files of photos, and then their entries in the journal."""
        lists = (local.list_files, local.list_empty_files)
        self._remove([name for one in photo_ids for names in lists for name in names(one)])
        self._session.journal.record(entry for one in photo_ids for entry in entries[one])

    def _remove(self, names: list[str]) -> None:
        session = self._session
        if names:
            move_to_trash(session.folder, names, self._date)
            session.report.removed += names


def _find_entries(journal: Journal, photo_ids: Collection[str]) -> dict[str, list[Entry]]:
    """Return the entries that make the journal forget photos, by photo."""
    entries: dict[str, list[Entry]] = {one: [("failed", one, None)] for one in photo_ids}
    for section in _LOCAL_SECTIONS:
        for name in journal.section(section):
            file = parse_name(name)
            if file and not file.tree and file.id in entries:
                entries[file.id].append((section, name, None))
    return entries


def _find_icons(collections: Iterable[dict[str, Any] | None]) -> set[str]:
    """Return the names of the icons of collections in the mirror."""
    return {name for one in collections for name in list_icons(one or {})}
