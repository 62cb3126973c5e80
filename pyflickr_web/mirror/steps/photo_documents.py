"""Fetch the metadata of a photo, its comments and its EXIF data, and check that they are its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.files.json_files import find_document
from pyflickr_web.mirror.journal import Entry
from pyflickr_web.mirror.layout import Kind, Tree
from pyflickr_web.mirror.metadata.photo_info import count_comments, find_page
from pyflickr_web.mirror.pacing.calls import read_object
from pyflickr_web.mirror.plan import PhotoPlan, needs_comments_call
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.transports.errors import FlickrError, PermissionRefused, UnavailableError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Item = Mapping[str, Any]
_INFO = "flickr.photos.getInfo"
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
            documents["comments"] = yield from _fetch_comments(session, tree, plan, source)
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


def fetch_info(session: Session, photo_id: str) -> Flow:
    """Return a photo's metadata. Raises `UnavailableError` if it is of another photo; a flow."""
    return (yield from _fetch(session, _INFO, photo_id, "photo", "id"))


def _fetch_comments(session: Session, tree: Tree, plan: PhotoPlan, source: Item) -> Flow:
    """Return a photo's comments; those that Flickr counts may all be hidden, after two readings."""
    photo_id = plan.photo_id
    if not needs_comments_call(plan, source):
        return {"photo_id": photo_id}
    for _ in range(2):
        found = yield from _fetch(session, _COMMENTS, photo_id, "comments", "photo_id")
        if found.get("comment"):
            return found
    fault = f"{_COMMENTS}: Flickr listed 0 of {count_comments(source):,}; run it again"
    name = tree.document("comments", photo_id)
    local = yield from session.work(partial(find_document, session.folder.root, name))
    is_loss = bool(local and local.get("comment"))
    # Before comments get lost, the next run must read the same.
    if is_loss and session.journal.get("failed", tree.label(photo_id)) != fault:
        raise UnavailableError(fault, method=_COMMENTS)
    return found


def _fetch_exif(session: Session, plan: PhotoPlan) -> Flow:
    return (yield from _fetch(session, _EXIF, plan.photo_id, "photo", "id"))


def _fetch(session: Session, method: str, photo_id: str, name: str, id_field: str) -> Flow:
    """Return the object of an answer. Raises `UnavailableError` if it is of another photo; a flow."""
    answer = yield from session.call(method, {"photo_id": photo_id})
    found = read_object(answer, name, method)
    if str(found.get(id_field)) != photo_id:
        raise UnavailableError(
            f"{method}: the answer has not the id {photo_id}; run it again", method=method
        )
    return found
