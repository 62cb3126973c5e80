"""The step of a run that lists the person's photos in the pools of their groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.metadata.contexts import shape_pool
from pyflickr_web.mirror.session.jobs import run_jobs
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.checked_listing import (
    CheckedListing,
    HiddenListing,
    list_checked,
    list_pool,
)
from pyflickr_web.transports.errors import FlickrError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


# A group in the shape of contexts, and the ids of the person's photos in its pool.
Pool = tuple[dict[str, Any], list[str]]


@dataclass(frozen=True, slots=True)
class GroupPools:
    """The pools of groups that have photos of the person.

    `hidden_ids` are those of groups that the caller may not see: photos keep what an earlier run saw.
    """

    visible: Sequence[Pool]
    hidden_ids: frozenset[str]


def list_pools(session: Session) -> Flow:
    """Return the `GroupPools` of the person; a flow.

    If Flickr does not list the groups, or the photos of one, that is reported, and the result is None:
    without that group, its photos would lose it.
    """
    groups = yield from _list_groups(session)
    if groups is None:
        return None
    session.events.start("groups", len(groups))
    photos: dict[str, list[str] | None] = {}
    hidden: set[str] = set()

    def list_group(group: dict[str, Any]) -> Flow:
        nsid = group["nsid"]
        try:
            pool = yield from list_pool(session, nsid)
            photos[nsid] = None if pool is None else list(pool.items)
        except HiddenListing:
            hidden.add(nsid)
        session.events.advance("groups")

    yield from run_jobs(iter(groups), list_group, session.downloads.workers)
    if None in photos.values():
        return None
    pools = ((shape_pool(one), photos.get(one["nsid"])) for one in groups)
    return GroupPools([(pool, ids) for pool, ids in pools if ids], frozenset(hidden))


def _list_groups(session: Session) -> Flow:
    """Return the person's groups; None if they cannot be listed, which is reported; a flow."""
    is_signed = session.calls.is_signed
    checked = CheckedListing(
        "groups",
        "flickr.people.getGroups" if is_signed else "flickr.people.getPublicGroups",
        {"user_id": session.account.nsid},
        key="nsid",
        local_count=session.state.count_groups(),
        has_total=False,
    )
    try:
        listing, fault = yield from list_checked(session, checked)
    except FlickrError as error:
        session.fail_part("groups", error)
        return None
    if fault:
        session.fail("groups", fault)
        return None
    return [group for group in listing.items.values() if group]
