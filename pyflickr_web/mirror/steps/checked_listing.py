"""Listings that are read a second time if items seem to be missing, before a mirror believes them.

An incomplete listing must not overwrite what the mirror has. But Flickr's totals may count photos that
the caller may not see, such as private ones in the pools of groups and in albums of others. Such a
shortfall is permanent: if two readings agree on it, it is accepted, or each run would fail. If the
mirror would lose something, one run is not enough: the next one must read the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.listing import (
    FAVORITES_STREAM,
    Listing,
    Stream,
    ignore_items,
    list_pages,
    walk,
)
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.transports.errors import FlickrError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

EMPTY = "Flickr listed none, and then others; run it again"
_ALBUM = "album "


@dataclass(frozen=True, slots=True)
class CheckedListing:
    """A listing to read: its name among the failures, its method and arguments, and the items' key.

    `known` is the number of items in the mirror. `may_hide` is True if the total may count items that
    the caller may not see. `has_total` is False for a method that reports no total.
    """

    part: str
    method: str
    values: Mapping[str, Any]
    key: str = "id"
    known: int = 0
    may_hide: bool = False
    has_total: bool = True


def list_checked(session: Session, checked: CheckedListing) -> Flow:
    """Return a `Listing`, and the reason not to rely on what it lacks, or an empty text; a flow.

    Raises `FlickrError` if a call fails.
    """
    first = yield from _list(session, checked)
    fault = first.find_fault(checked.has_total)
    is_certain = not fault and (first.items or not checked.known)
    if is_certain or not first.is_stable:
        return first, fault
    second = yield from _list(session, checked)
    fault = second.find_fault(checked.has_total)
    agrees = second.is_stable and second.equals(first)
    if fault:
        is_accepted = agrees and _is_permanent(session, checked, second, fault)
        return second, "" if is_accepted else fault
    return second, "" if second.items or agrees else EMPTY


def list_or_fail(session: Session, checked: CheckedListing) -> Flow:
    """Return a complete `Listing`; without one, report that and return None; a flow."""
    try:
        listing, fault = yield from list_checked(session, checked)
    except FlickrError as error:
        session.fail(checked.part, error)
        return None
    if fault:
        session.fail(checked.part, fault)
        return None
    return listing


def list_album(session: Session, album_id: str, known: int, **values: Any) -> Flow:
    """Return the complete `Listing` of an album's photos; None if that failed; a flow.

    `known` is the number of them in the mirror; `values` are more arguments of the method.
    """
    account = session.account
    checked = CheckedListing(
        f"{_ALBUM}{album_id}",
        "flickr.photosets.getPhotos",
        {"photoset_id": album_id, "user_id": account.nsid, **values},
        known=known,
        # The owner sees all photos of an album.
        may_hide=not account.is_signed_in,
    )
    return (yield from list_or_fail(session, checked))


def list_pool(session: Session, group_id: str) -> Flow:
    """Return the `Listing` of the person's photos in a group; None if that failed; a flow."""
    checked = CheckedListing(
        f"group {group_id}",
        "flickr.groups.pools.getPhotos",
        {"user_id": session.account.nsid, "group_id": group_id},
        known=session.state.count_in_group(group_id),
        may_hide=True,
    )
    return (yield from list_or_fail(session, checked))


def check_stream(
    session: Session, part: str, stream: Stream, values: Mapping[str, Any], first: Listing
) -> Flow:
    """Return the reason for which photos are missing in a listing of a stream; a flow.

    The text is empty without one: also if they were deleted meanwhile, or if a second reading has the
    same photos, and the total may count others that the caller may not see. The owner sees all: there,
    two runs must read the same. Then the total is wrong, and no run must walk the stream for ever.
    """
    fault = first.find_fault()
    if not fault:
        return ""
    second: Listing = yield from walk(session.call, stream, values, ignore_items)
    if not second.find_fault():
        return "" if second.items.keys() <= first.items.keys() else fault
    may_hide = stream is FAVORITES_STREAM or not session.account.is_signed_in
    is_permanent = may_hide or session.journal.get("failed", part) == fault
    return "" if is_permanent and first.has_list and second.equals(first) else fault


def find_failed_albums(session: Session) -> set[str]:
    """Return the ids of the albums that an earlier run could not list."""
    failed = session.journal.section("failed")
    return {name.removeprefix(_ALBUM) for name in failed if is_album(name)}


def is_album(item: str) -> bool:
    """Return True for the name of an album among the failures."""
    return item.startswith(_ALBUM)


def _list(session: Session, checked: CheckedListing) -> Flow:
    return (yield from list_pages(session.call, checked.method, checked.values, checked.key))


def _is_permanent(session: Session, checked: CheckedListing, listing: Listing, fault: str) -> bool:
    """Return True if a listing on which two readings agree lacks items that never appear."""
    if checked.has_total:
        is_possible = checked.may_hide and listing.has_list and not listing.invalid
        is_possible = is_possible and listing.total is not None
    else:
        # For an account without groups, the list may be missing.
        is_possible = listing.has_object and not listing.invalid
    is_loss = len(listing.items) < checked.known
    return is_possible and (not is_loss or session.journal.get("failed", checked.part) == fault)
