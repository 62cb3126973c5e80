"""Listings that are read a second time if items seem to be missing, before a mirror believes them.

An incomplete listing must not overwrite what the mirror has. But Flickr's totals may count photos that
the caller may not see, such as private ones in the pools of groups and in albums of others. Such a
shortfall is permanent: if two readings agree on it, it is accepted, or each run would fail. If the
mirror would lose something, one run is not enough: the next one must read the same. Where the caller
sees everything, the total itself is wrong: also after two runs, only if the mirror loses nothing.
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
# Flickr's codes for a pool of a group that the caller may not see, or that is for members only.
_HIDDEN_POOL = (2, 4)


class HiddenListing(Exception):
    """The caller may not see a list: that is no failure, and no later run sees it either."""


@dataclass(frozen=True, slots=True)
class CheckedListing:
    """A listing to read: its name among the failures, its method and arguments, and the items' key.

    `local_count` is the number of items in the mirror. `may_hide` is True if the total may count items
    that the caller may not see. `has_total` is False for a method that reports no total. `hidden_codes`
    are those of errors for a list that the caller may not see.
    """

    part: str
    method: str
    values: Mapping[str, Any]
    key: str = "id"
    local_count: int = 0
    may_hide: bool = False
    has_total: bool = True
    hidden_codes: tuple[int, ...] = ()


def list_checked(session: Session, checked: CheckedListing) -> Flow:
    """Return a `Listing`, and the reason not to rely on what it lacks, or an empty text; a flow.

    Raises `FlickrError` if a call fails.
    """
    first = yield from _list(session, checked)
    fault = first.find_fault(checked.has_total)
    is_certain = not fault and (first.items or not checked.local_count)
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
    """Return a complete `Listing`; without one, report that and return None; a flow.

    Raises `HiddenListing`.
    """
    try:
        listing, fault = yield from list_checked(session, checked)
    except FlickrError as error:
        if error.code in checked.hidden_codes:
            raise HiddenListing from error
        session.fail(checked.part, error)
        return None
    if fault:
        session.fail(checked.part, fault)
        return None
    return listing


def list_album(session: Session, album_id: str, local_count: int, **values: Any) -> Flow:
    """Return the complete `Listing` of an album's photos; None if that failed; a flow.

    `local_count` is the number of them in the mirror; `values` are more arguments of the method.
    """
    account = session.account
    checked = CheckedListing(
        f"{_ALBUM}{album_id}",
        "flickr.photosets.getPhotos",
        {"photoset_id": album_id, "user_id": account.nsid, **values},
        local_count=local_count,
        # The owner sees all photos of an album.
        may_hide=not account.is_signed_in,
    )
    return (yield from list_or_fail(session, checked))


def list_pool(session: Session, group_id: str) -> Flow:
    """Return the `Listing` of the person's photos in a group; None if that failed; a flow.

    Raises `HiddenListing`.
    """
    checked = CheckedListing(
        f"group {group_id}",
        "flickr.groups.pools.getPhotos",
        {"user_id": session.account.nsid, "group_id": group_id},
        local_count=session.state.count_in_group(group_id),
        may_hide=True,
        hidden_codes=_HIDDEN_POOL,
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
    if listing.invalid:
        return False
    is_loss = len(listing.items) < checked.local_count
    is_repeated = session.journal.get("failed", checked.part) == fault
    if not checked.has_total:
        # For an account without groups, the list may be missing.
        return listing.has_object and (is_repeated or not is_loss)
    if not listing.has_list or listing.total is None:
        return False
    if checked.may_hide:
        return is_repeated or not is_loss
    return is_repeated and not is_loss
