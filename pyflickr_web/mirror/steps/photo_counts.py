"""The last step of a run: count the items at Flickr and in the mirror."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.mirror.layout import Tree
from pyflickr_web.mirror.listing import EVERYTHING, PHOTOS, Listing
from pyflickr_web.mirror.session.photos_on_disk import list_documents
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.photo_listing import FoundPhotos
from pyflickr_web.transports.errors import FlickrError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

_TREE = Tree()


def count_photos(session: Session, found: FoundPhotos, earlier: int | None = None) -> Flow:
    """Count the photos at Flickr and in the mirror, for the report and for the next run; a flow.

    `earlier` is the number in the mirror at the start, if it was counted. A run without videos only
    counts for the next run.
    """
    report = session.report
    seen = report.new_photos + report.updated_photos
    if earlier is not None and found.listing is None and not seen:
        # To read a folder of a million files takes seconds.
        present, missing = earlier, 0
    else:
        count = partial(count_documents, session, found.listing)
        present, missing = yield from session.work(count)
    yield from session.work(partial(session.state.record_photos, present))
    if session.settings.limits:
        return
    if found.listing is not None and found.is_whole and not report.gone_photos:
        total, kept = found.listing.total, missing
    else:
        total = yield from _count_at_flickr(session)
        kept = 0 if total is None else max(0, present - total)
    report.photos_at_flickr = total
    report.photos_in_mirror = present
    report.deleted_at_flickr = kept
    report.unchanged_photos = max(0, present - kept - seen)


def count_kept(session: Session, albums: Iterable[str], collections: Iterable[str]) -> None:
    """Count the albums and collections that left Flickr, but not the mirror. Reads folders."""
    root, report = session.folder.root, session.report
    report.kept_albums = sum((root / _TREE.document("photoset", one)).is_file() for one in albums)
    report.kept_collections = sum(
        (root / _TREE.document("collection", one)).is_file() for one in collections
    )


def _count_at_flickr(session: Session) -> Flow:
    """Return the number of photos at Flickr; None if it is unknown; a flow."""
    values = {"user_id": session.account.user_id, "per_page": 1, **EVERYTHING}
    try:
        answer = yield from session.call(PHOTOS.method, values)
    except FlickrError as error:
        session.fail_part("photos", error)
        return None
    body = answer.get("photos")
    return to_whole_number(body.get("total")) if isinstance(body, dict) else None


def count_documents(session: Session, listing: Listing | None = None) -> tuple[int, int]:
    """Return the number of photos in the mirror, and of those that a listing lacks. Reads a folder."""
    present = missing = 0
    for photo_id in list_documents(session.folder.root, "photo"):
        present += 1
        missing += listing is not None and photo_id not in listing.items
    return present, missing
