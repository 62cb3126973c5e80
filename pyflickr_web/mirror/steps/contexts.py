"""The step of a run that writes the contexts of photos: their albums, and the groups that have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from pyflickr_web.mirror.layout import Tree
from pyflickr_web.mirror.metadata.contexts import (
    find_members,
    make_contexts,
    read_pools,
    shape_set,
)
from pyflickr_web.mirror.plan import plan_contexts
from pyflickr_web.mirror.session.jobs import run_jobs
from pyflickr_web.mirror.session.session import Session
from pyflickr_web.mirror.steps.group_pools import GroupPools

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Item = Mapping[str, Any]
# The albums or groups of each photo.
Members = Mapping[str, list[Item]]
_TREE = Tree()
# Contexts that are compared and written together.
_CHUNK = 50


def write_contexts(
    session: Session,
    photo_ids: set[str],
    albums: Iterable[tuple[Item, list[str]]],
    pools: GroupPools | None,
) -> Flow:
    """Write the contexts of photos that differ; a flow.

    `albums` have the ids of their photos. Without `pools`, the photos keep their groups.
    """
    session.events.start("contexts", len(photo_ids))
    sets = find_members(
        (shape_set(album), [one for one in ids if one in photo_ids]) for album, ids in albums
    )
    groups = find_members(
        (pool, [one for one in ids if one in photo_ids])
        for pool, ids in (pools.visible if pools else ())
    )
    hidden_ids = pools.hidden_ids if pools else None
    remaining = iter(sorted(photo_ids))

    def write(chunk: list[str]) -> Flow:
        yield from session.work(partial(_write_chunk, session, chunk, sets, groups, hidden_ids))
        session.events.advance("contexts", len(chunk))

    chunks = iter(lambda: list(islice(remaining, _CHUNK)), [])
    # Most of the time is spent on waiting for the disk.
    yield from run_jobs(chunks, write, session.downloads.workers)


def _write_chunk(
    session: Session,
    photo_ids: list[str],
    sets: Members,
    groups: Members,
    hidden_ids: frozenset[str] | None,
) -> None:
    """Write the contexts of a few photos.

    They keep the groups in `hidden_ids`; all of their groups if it is None.
    """
    names = {photo_id: _TREE.document("contexts", photo_id) for photo_id in photo_ids}
    local = {one: session.find_document(name) for one, name in names.items()}
    current = {}
    for one in photo_ids:
        pools = read_pools(local[one])
        kept = [pool for pool in pools if hidden_ids is None or pool["id"] in hidden_ids]
        current[one] = make_contexts(sets.get(one, []), [*groups.get(one, []), *kept])
    written = plan_contexts(photo_ids, local, current)
    files = [session.folder.write_json(names[one], value) for one, value in written.items()]
    session.placement.add([file for file in files if file])
