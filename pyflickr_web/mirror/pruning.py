"""Decide which photos of a mirror may be removed, because they are no longer on Flickr."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pyflickr_web.mirror.listing import Listing
from pyflickr_web.transports.errors import FlickrError, MirrorError, NotFoundError

# Without confirmation, no more than this part of a mirror, and no more than so many photos, go.
MOST_PART = 0.1
MOST_PHOTOS = 10
# Flickr's code for a photo that does not exist. Others mean that it is private, or a failure.
NOT_FOUND_CODE = 1


@dataclass(frozen=True, slots=True)
class PruneOptions:
    """The options of a run that decide if it may remove photos.

    `is_owner` is True if the mirror's owner signs the calls. `limits` are options by which the run does
    not cover the whole account. `most` is the number of photos that may go without confirmation, None
    for the default; `is_confirmed` lifts it.
    """

    is_owner: bool
    limits: tuple[str, ...] = ()
    most: int | None = None
    is_confirmed: bool = False


def check_prune(options: PruneOptions) -> None:
    """Raise `MirrorError` if a run must not remove photos, before it does anything."""
    if options.limits:
        raise MirrorError(
            f"remove_deleted (--prune) needs the whole account: leave out {', '.join(options.limits)}"
        )
    if not options.is_owner:
        raise MirrorError(
            "remove_deleted (--prune) needs the mirror's owner: sign in as that person"
        )


def find_missing(first: Listing, second: Listing, local: Collection[str]) -> list[str]:
    """Return the photos on the disk that two complete listings of the account lack.

    Raises `MirrorError` unless both are complete and have the same ids and total.
    """
    for listing in (first, second):
        if not listing.is_complete:
            raise MirrorError(
                f"nothing was removed: Flickr listed {len(listing.items)} of {listing.total} photos; "
                "try again later"
            )
    if first.total != second.total or first.items.keys() != second.items.keys():
        raise MirrorError("nothing was removed: the account changed meanwhile; run it again")
    return [photo_id for photo_id in local if photo_id not in first.items]


def check_count(options: PruneOptions, missing: int, local: int) -> None:
    """Raise `MirrorError` if more photos would go than may go without confirmation."""
    most = options.most
    if most is None:
        most = max(MOST_PHOTOS, int(local * MOST_PART))
    if missing > most and not options.is_confirmed:
        raise MirrorError(
            f"nothing was removed: {missing} of {local} photos are no longer on Flickr, more than "
            f"{most}; if that is right, set max_prune (--max-prune) to {missing}"
        )


def may_remove(error: FlickrError | None) -> bool:
    """Return True if the answer of a signed getInfo shows that a photo does not exist any more."""
    return isinstance(error, NotFoundError) and error.code == NOT_FOUND_CODE
