"""Look photos up at Flickr: the ids of all photos, or if a photo was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyflickr_web.mirror.listing import EVERYTHING, PHOTOS, ignore_items, walk
from pyflickr_web.mirror.pruning import may_remove
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.transports.errors import FlickrError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


def list_ids(session: Session) -> Flow:
    """Return a `Listing` of the account, with ids only; a flow."""
    values = {"user_id": session.account.user_id, "extras": "date_upload", **EVERYTHING}
    return (yield from walk(session.call, PHOTOS, values, ignore_items))


def is_deleted(session: Session, photo_id: str) -> Flow:
    """Return True if Flickr answers that a photo does not exist; a flow."""
    try:
        yield from session.call("flickr.photos.getInfo", {"photo_id": photo_id})
    except FlickrError as error:
        if session.calls.ends_run(error):
            raise
        return may_remove(error)
    return False
