"""Fetch what belongs to a photo beside its metadata: its comments and its EXIF data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.journal import Entry
from pyflickr_web.mirror.layout import Kind, Tree
from pyflickr_web.mirror.metadata.photo_files import find_page
from pyflickr_web.mirror.pacing.calls import read_object
from pyflickr_web.mirror.plan import PhotoPlan, needs_comments_call
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.transports.errors import FlickrError, PermissionRefused

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Item = Mapping[str, Any]
_COMMENTS = "flickr.photos.comments.getList"
_EXIF = "flickr.photos.getExif"


def fetch_documents(session: Session, tree: Tree, plan: PhotoPlan, source: Item) -> Flow:
    """Return the planned comments and EXIF data of a photo, by kind of document; a flow.

    `source` is the photo's metadata, or its item of a listing. A document that failed is None; EXIF data
    that the owner hides are left out.
    """
    documents: dict[Kind, dict[str, Any] | None] = {}
    if plan.comments:
        try:
            documents["comments"] = yield from _fetch_comments(session, plan, source)
        except FlickrError as error:
            # The other documents and the original are fetched all the same.
            session.fail(tree.label(plan.photo_id), error)
            documents["comments"] = None
    if plan.exif:
        try:
            documents["exif"] = yield from _fetch_exif(session, plan)
        except PermissionRefused:
            page = find_page({**source, "id": plan.photo_id})
            entry: Entry = ("unavailable", tree.document("exif", plan.photo_id), page)
            yield from session.work(partial(session.placement.add, [], [entry]))
        except FlickrError as error:
            session.fail(tree.label(plan.photo_id), error)
            documents["exif"] = None
    return documents


def _fetch_comments(session: Session, plan: PhotoPlan, source: Item) -> Flow:
    if not needs_comments_call(plan, source):
        return {"photo_id": plan.photo_id}
    answer = yield from session.call(_COMMENTS, {"photo_id": plan.photo_id})
    return read_object(answer, "comments", _COMMENTS)


def _fetch_exif(session: Session, plan: PhotoPlan) -> Flow:
    answer = yield from session.call(_EXIF, {"photo_id": plan.photo_id})
    return read_object(answer, "photo", _EXIF)
