"""The step of a run for albums: list those that changed, and write them after their photos' contexts."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.nearest import suggest
from pyflickr_web.mirror.layout import Tree
from pyflickr_web.mirror.listing import Listing, list_pages
from pyflickr_web.mirror.metadata.contexts import equals_except_counters, shape_album
from pyflickr_web.mirror.metadata.photo_info import read_content
from pyflickr_web.mirror.plan import AlbumPlan, list_photo_ids, plan_albums
from pyflickr_web.mirror.session.jobs import run_jobs
from pyflickr_web.mirror.session.photos_on_disk import list_documents
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.settings import split_list
from pyflickr_web.mirror.steps.checked_listing import find_failed_albums, list_album
from pyflickr_web.mirror.steps.contexts import write_contexts
from pyflickr_web.mirror.steps.group_pools import GroupPools, list_pools
from pyflickr_web.transports.errors import ArgumentError, FlickrError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Item = Mapping[str, Any]
_TREE = Tree()


@dataclass(slots=True)
class AlbumWork:
    """The albums of a run: those at Flickr, those on the disk, and the photos of those that changed.

    `pools` has the photos of the person's groups, if the run lists them. `removed` are the albums that
    the run removes, once that is allowed.
    """

    session: Session
    listing: Listing
    local: dict[str, dict[str, Any]]
    plan: AlbumPlan
    photos: dict[str, list[str]] = field(default_factory=dict)
    pools: GroupPools | None = None
    removed: tuple[str, ...] = ()

    @classmethod
    def begin(cls, session: Session) -> Flow:
        """List the albums at Flickr and on the disk; a flow that returns the work.

        If Flickr does not list them, that is reported, and those on the disk stay as they are. Raises
        `FlickrError` then if the run is for some albums.
        """
        listing = Listing()
        try:
            listing = yield from list_albums(session)
            fault = listing.find_fault()
            if fault and listing.has_list and not session.account.is_signed_in:
                # The total may count albums that the caller may not see.
                fault = "" if listing.equals((yield from list_albums(session))) else fault
            if fault:
                session.fail("albums", fault)
        except FlickrError as error:
            if session.settings.albums:
                raise
            session.fail_part("albums", error)
        local = yield from session.work(partial(_read_albums, session))
        plan = plan_albums(
            [item for item in listing.items.values() if item],
            local,
            listing.is_complete,
            session.full,
            # The first run may have failed to list them.
            recount=session.state.is_first or bool(session.journal.get("failed", "albums")),
            failed=find_failed_albums(session),
        )
        return cls(session, listing, local, plan)

    def find_wanted(self) -> list[str]:
        """Return the ids of the albums in the settings. Raises `ArgumentError` for an unknown one."""
        try:
            return find_albums(self.listing.items, self.session.settings.albums)
        except ValueError as error:
            nsid = self.session.account.nsid
            command = f"pyflickr-web call photosets.getList user_id={nsid} --table"
            raise ArgumentError(f"downsync: {error}; to list them: {command}") from None

    def list_photos(self) -> Flow:
        """List the photos of the albums that changed; a flow.

        Those whose title or primary photo changed are listed too: their photos' contexts change, except
        for photos that left Flickr.
        """
        changed = (*self.plan.list_photos, *self.plan.rewrite)
        self.session.events.start("albums", len(changed))
        yield from run_jobs(iter(changed), self._list_album, self.session.downloads.workers)

    def _list_album(self, album_id: str) -> Flow:
        session = self.session
        local_count = len(list_photo_ids(self.local.get(album_id, {})))
        listing = yield from list_album(session, album_id, local_count)
        if listing is not None:
            self.photos[album_id] = list(listing.items)
        session.events.advance("albums")

    def list_pools(self) -> Flow:
        """List the person's photos in the pools of their groups, if Flickr lists all of them; a flow."""
        self.pools = yield from list_pools(self.session)

    def count_groups(self) -> dict[str, int] | None:
        """Return the number of photos in the mirror by group; None if the run did not list the groups.

        For groups that the caller may not see, it is that of an earlier run.
        """
        if self.pools is None:
            return None
        counts = {one: self.session.state.count_in_group(one) for one in self.pools.hidden_ids}
        counts |= {pool["id"]: len(ids) for pool, ids in self.pools.visible}
        return {group_id: count for group_id, count in counts.items() if count}

    def find_candidates(self) -> set[str]:
        """Return the photos whose contexts may change, of albums that changed."""
        found = self.find_listed()
        for album_id in (*self.plan.list_photos, *self.plan.rewrite):
            found.update(list_photo_ids(self.local.get(album_id, {})))
        return found

    def find_listed(self) -> set[str]:
        """Return the photos of the albums that the run listed: these are at Flickr."""
        return {photo_id for photo_ids in self.photos.values() for photo_id in photo_ids}

    def forget_missing(self, listed: Container[str]) -> Flow:
        """Leave the albums that Flickr lacks out of the contexts of their photos; a flow.

        Only of photos that are `listed` at Flickr.
        """
        if not self.plan.missing:
            return
        self.removed = self.plan.missing
        photo_ids = yield from self.session.work(partial(self._find_members, listed))
        yield from self.write_contexts(photo_ids)
        yield from self.session.work(self.session.placement.flush)

    def _find_members(self, listed: Container[str]) -> set[str]:
        """Return the photos of the removed albums that have contexts."""
        root = self.session.folder.root
        return {
            one
            for album_id in self.removed
            for one in list_photo_ids(self.local.get(album_id, {}))
            if one in listed and (root / _TREE.document("contexts", one)).is_file()
        }

    def write_contexts(self, photo_ids: Iterable[str]) -> Flow:
        """Write the contexts of photos that differ; a flow. Albums are written after it."""
        yield from write_contexts(self.session, set(photo_ids), self._current(), self.pools)

    def _current(self) -> Iterable[tuple[Item, list[str]]]:
        """Yield the albums at Flickr, then those that only the disk has, with their photos."""
        for album_id, item in self.listing.items.items():
            photo_ids = self.photos.get(album_id)
            if photo_ids is None:
                photo_ids = list_photo_ids(self.local.get(album_id, {}))
            yield item or {}, photo_ids
        # Albums that this run removes are no longer contexts.
        for album_id, album in self.local.items():
            # A damaged file has no id, and no photos.
            if album and album_id not in self.listing.items and album_id not in self.removed:
                yield album, list_photo_ids(album)

    def write(self) -> Flow:
        """Write the albums that changed; a flow."""
        yield from self.session.work(self._write)

    def _write(self) -> None:
        session = self.session
        for album_id in (*self.plan.list_photos, *self.plan.rewrite):
            local = self.local.get(album_id, {})
            photo_ids = self.photos.get(album_id)
            if photo_ids is None:
                # Its listing failed: the next run lists it again.
                continue
            album = shape_album(self.listing.items[album_id] or {}, photo_ids)
            if equals_except_counters(album, local):
                continue
            file = session.folder.write_json(_TREE.document("photoset", album_id), album)
            if file:
                session.placement.add([file])
                session.report.count("written_albums")


def list_albums(session: Session) -> Flow:
    """List the albums at Flickr; a flow that returns a `Listing`."""
    values = {"user_id": session.account.nsid}
    return (yield from list_pages(session.call, "flickr.photosets.getList", values))


def find_albums(albums: Mapping[str, Any], wanted: Collection[str]) -> list[str]:
    """Return the ids of listed albums by ids or titles. Raises `ValueError` for an unknown one.

    A text that is neither is read as several, separated by commas.
    """
    albums_by_name: dict[str, list[str]] = {}
    for album_id, item in albums.items():
        for name in {album_id, read_content((item or {}).get("title"))}:
            albums_by_name.setdefault(name, []).append(album_id)
    found: list[str] = []
    for text in wanted:
        names = [text] if text in albums_by_name else split_list(text)
        for name in names:
            if name not in albums_by_name:
                hint = f" of {text!r}: give a title with a comma alone"
                if name == text:
                    suggestion = suggest(name, albums_by_name).removeprefix("; ")
                    hint = f" ({suggestion})" if suggestion else ""
                raise ValueError(f"no album has the id or title {name!r}{hint}")
            found += albums_by_name[name]
    return list(dict.fromkeys(found))


def _read_albums(session: Session) -> dict[str, dict[str, Any]]:
    return {
        album_id: session.find_document(_TREE.document("photoset", album_id)) or {}
        for album_id in list_documents(session.folder.root, "photoset")
    }
