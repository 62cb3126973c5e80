"""The step of a run for collections, with their icons."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.layout import Tree
from pyflickr_web.mirror.listing import Listing
from pyflickr_web.mirror.metadata.contexts import list_icon_urls, shape_collection
from pyflickr_web.mirror.metadata.photo_info import SITE
from pyflickr_web.mirror.metadata.pictures import Picture
from pyflickr_web.mirror.pacing.calls import read_object
from pyflickr_web.mirror.plan import CollectionPlan, plan_collections
from pyflickr_web.mirror.session.photos_on_disk import list_documents
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.photos import PhotoWork
from pyflickr_web.transports.errors import FlickrError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

_TREE = Tree()
_METHOD = "flickr.collections.getTree"


class CollectionWork:
    """The collections of a run: those at Flickr, the plan, the addresses of icons by their names, and
    the number of collections on the disk.
    """

    def __init__(
        self,
        session: Session,
        listing: Listing,
        plan: CollectionPlan,
        icons: Mapping[str, str],
        local_count: int,
    ) -> None:
        self.session = session
        self.listing = listing
        self.plan = plan
        self.icons = icons
        self.local_count = local_count


def plan_tree(session: Session) -> Flow:
    """Read the tree of collections, and plan the work; a flow.

    Returns `CollectionWork`, or None if the tree cannot be read: that is reported.
    """
    try:
        listing, icons = yield from list_collections(session)
    except FlickrError as error:
        session.fail_part("collections", error)
        return None
    local = yield from session.work(partial(_read_collections, session))
    items = [item for item in listing.items.values() if item]
    plan = plan_collections(items, local, listing.is_complete)
    return CollectionWork(session, listing, plan, icons, len(local))


def list_collections(session: Session) -> Flow:
    """List the collections at Flickr; a flow.

    Returns a `Listing` of them, as the mirror writes them, and the addresses of their icons by name.
    """
    answer = yield from session.call(_METHOD, {"user_id": session.account.nsid})
    body = read_object(answer, "collections", _METHOD)
    options = session.client.options
    site = options.get("photo_base_url") or options.get("base_url") or SITE
    # Flickr's answer for an account without collections lacks the list.
    rows = body.get("collection", [])
    listing = Listing(total=len(rows) if isinstance(rows, list) else None)
    icons: dict[str, str] = {}
    for item in rows if isinstance(rows, list) else []:
        try:
            _TREE.document("collection", item["id"])
            urls = list_icon_urls(item, site)
            names = {size: _TREE.icon(size, url) for size, url in urls.items()}
        except (ValueError, KeyError, TypeError) as error:
            session.fail("collection", str(error))
            continue
        icons |= {names[size]: urls[size] for size in names}
        listing.items[item["id"]] = shape_collection(item, names)
    return listing, icons


def fetch_collections(work: CollectionWork, photos: PhotoWork) -> Flow:
    """Fetch missing icons, and write the collections that changed; a flow."""
    session = work.session
    session.events.start("collections", len(work.plan.write))
    missing = yield from session.work(partial(_find_missing_icons, session, work.icons))
    for name in missing:
        page = f"{SITE}/photos/{session.account.nsid}/collections/"
        picture = Picture(name, work.icons[name], page=page, is_listed=True)
        result = yield from session.downloads.fetch(picture)
        yield from photos.files.handle(picture, result)
    yield from session.work(partial(_write_collections, work))


def _find_missing_icons(session: Session, icons: Mapping[str, str]) -> list[str]:
    root, journal = session.folder.root, session.journal
    missing = [
        name for name in icons if not (root / name).is_file() or journal.get("outdated", name)
    ]
    return [one for one in missing if session.full or not journal.get("unavailable", one)]


def _write_collections(work: CollectionWork) -> None:
    session = work.session
    for collection_id, item in work.plan.write.items():
        file = session.folder.write_json(_TREE.document("collection", collection_id), item)
        if file:
            session.placement.add([file])
            session.report.count("written_collections")
        session.events.advance("collections")


def _read_collections(session: Session) -> dict[str, dict[str, Any]]:
    return {
        one: session.find_document(_TREE.document("collection", one)) or {}
        for one in list_documents(session.folder.root, "collection")
    }
