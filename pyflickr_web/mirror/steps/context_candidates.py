"""Find the photos in a mirror whose contexts may change in a run: their albums, and pools of groups."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from pyflickr_web.mirror.layout import Kind, Tree, is_photo_id
from pyflickr_web.mirror.listing import Listing
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.albums import AlbumWork
from pyflickr_web.mirror.steps.photo_listing import FoundPhotos
from pyflickr_web.mirror.steps.photo_lookups import is_deleted, list_ids

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

_TREE = Tree()
# More photos than this are looked up by listing the account, not one by one.
MOST_LOOKUPS = 50


def find_context_candidates(session: Session, albums: AlbumWork, found: FoundPhotos) -> Flow:
    """Return the photos in the mirror whose contexts may change, except for those that left Flickr.

    `found` are the photos that the run listed. A flow.
    """
    candidates: Collection[str] = found.ids
    if albums.pools is None or not found.listing:
        present = yield from session.work(partial(_find_contexts, session, found.ids))
        candidates = albums.find_candidates().union(one for one in found.ids if one not in present)
    candidates = yield from session.work(partial(_find_documents, session, "photo", candidates))
    if not found.is_whole:
        # A photo that the listing lacks may be at Flickr.
        return candidates
    # Not by differences of sets: a copy of a million ids takes much memory.
    listed = albums.find_listed()
    unknown = {one for one in candidates if one not in listed and one not in found.ids}
    deleted = yield from _find_deleted(session, unknown, found.listing)
    return candidates if not deleted else set(candidates) - deleted


def has_late_photos(session: Session, found: FoundPhotos) -> bool:
    """Return True if a photo that failed in an earlier run has metadata now, and no contexts yet.

    That run may have been the one that read the pools of its groups. Reads files.
    """
    failed = session.journal.section("failed")
    late = [one for one in failed if is_photo_id(one) and one in found.ids]
    return bool(_find_documents(session, "photo", late) - _find_contexts(session, late))


def _find_documents(session: Session, kind: Kind, photo_ids: Collection[str]) -> set[str]:
    """Return those of some photos that have a JSON file of a kind."""
    root = session.folder.root
    return {one for one in photo_ids if (root / _TREE.document(kind, one)).is_file()}


def _find_contexts(session: Session, photo_ids: Collection[str]) -> set[str]:
    """Return those of some photos that have contexts, which are not outdated."""
    present = _find_documents(session, "contexts", photo_ids)
    outdated = session.journal.section("outdated")
    return {one for one in present if not outdated.get(_TREE.document("contexts", one))}


def _find_deleted(session: Session, photo_ids: set[str], listing: Listing | None) -> Flow:
    """Return those of some photos that are no longer on Flickr; a flow."""
    if not photo_ids:
        return set()
    if listing is None and len(photo_ids) > MOST_LOOKUPS:
        listing = yield from list_ids(session)
        if listing.find_fault():
            # A photo that the listing lacks may be at Flickr: then it must not keep a former album.
            return set()
    if listing is not None:
        return {one for one in photo_ids if one not in listing.items}
    deleted = set()
    for photo_id in sorted(photo_ids):
        if (yield from is_deleted(session, photo_id)):
            deleted.add(photo_id)
    return deleted
