"""Decide what of a mirror may be removed, because it is no longer on Flickr."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pyflickr_web.mirror.counts import format_count
from pyflickr_web.mirror.listing import Listing
from pyflickr_web.transports.errors import FlickrError, MirrorError, NotFoundError

# Without confirmation, no more than this part of the photos, albums or collections goes, or so many;
# and never all, unless it is one.
MOST_PART = 0.1
MOST_ITEMS = 10
# Flickr's code for a photo or person that does not exist. Others mean that it is private, or a failure.
NOT_FOUND_CODE = 1


class PruneRefused(MirrorError):
    """More would be removed than may go without confirmation: `needed` is the limit that allows it."""

    needed = 0


@dataclass(frozen=True, slots=True)
class PruneOptions:
    """The options of a run that decide if it may remove photos, albums and collections.

    `is_owner` is True if the mirror's owner signs the calls. `limits` are options by which the run does
    not cover the whole account. `most` is the number of photos, of albums and of collections that may
    go, None for the default.
    """

    is_owner: bool
    limits: tuple[str, ...] = ()
    most: int | None = None


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
    check_listings("photo", first, second)
    return [photo_id for photo_id in local if photo_id not in first.items]


def check_listings(kind: str, first: Listing, second: Listing) -> None:
    """Raise `MirrorError` unless two listings of a kind are complete, with the same ids and total."""
    for listing in (first, second):
        if not listing.is_complete:
            total = f"an unknown number of {kind}s"
            if listing.total is not None:
                total = format_count(listing.total, kind)
            raise MirrorError(
                f"nothing was removed: Flickr listed {len(listing.items):,} of {total}; "
                "try again later"
            )
    if first.total != second.total or first.items.keys() != second.items.keys():
        raise MirrorError(
            f"nothing was removed: Flickr listed other {kind}s the second time; run it again"
        )


def check_counts(options: PruneOptions, counts: Mapping[str, tuple[int, int]]) -> None:
    """Raise `PruneRefused` if more items of a kind would go than may go without confirmation.

    `counts` has by kind, such as `album`, the number that Flickr lacks, and the number in the mirror.
    """
    excess: dict[str, int] = {}
    for kind, (missing, local) in counts.items():
        most = options.most
        if most is None:
            # A failure at Flickr may hide all for longer than a run takes.
            most = min(max(MOST_ITEMS, int(local * MOST_PART)), max(1, local - 1))
        if missing > most:
            text = f"{missing:,} of {format_count(local, kind)} left Flickr, more than {most:,}"
            excess[text] = missing
    if excess:
        needed = max(excess.values())
        error = PruneRefused(
            f"nothing was removed: {', and '.join(excess)}; dry_run (--dry-run) lists them; "
            f"if that is right, set max_prune (--max-prune) to {needed}"
        )
        error.needed = needed
        raise error


def may_remove(error: FlickrError | None) -> bool:
    """Return True if the answer of a signed getInfo shows that a photo does not exist any more."""
    return isinstance(error, NotFoundError) and error.code == NOT_FOUND_CODE
