"""Filters that several listings of photos share: dates, privacy, media, location."""

from __future__ import annotations

from flickr_sandbox.answers import dates
from flickr_sandbox.answers.find import PLACE_SHOWN
from flickr_sandbox.answers.listing import Query
from flickr_sandbox.answers.privacy import with_privacy

MEDIA = {"photos": "photo", "videos": "video"}
PLACED = f"p.latitude IS NOT NULL AND {PLACE_SHOWN}"


def between_dates(query: Query) -> None:
    """`min_upload_date`, `max_upload_date`, `min_taken_date`, `max_taken_date`; what is no date is
    passed over."""
    for argument, condition in (
        ("min_upload_date", "p.posted >= :min_upload_date"),
        ("max_upload_date", "p.posted <= :max_upload_date"),
    ):
        moment = dates.unix(query.call.text(argument))
        if moment is not None:
            query.where(condition, **{argument: moment})
    for argument, condition in (
        ("min_taken_date", "p.taken >= :min_taken_date"),
        ("max_taken_date", "p.taken <= :max_taken_date"),
    ):
        taken = dates.mysql(query.call.text(argument))
        if taken is not None:
            query.where(condition, **{argument: taken})


def privacy(query: Query) -> None:
    """`privacy_filter`, which counts for those who are logged in."""
    if query.call.caller.nsid:
        with_privacy(query)


def media(query: Query) -> None:
    """`media`: photos, videos or all."""
    wanted = MEDIA.get(query.call.text("media"))
    if wanted:
        query.where("p.media = :media", media=wanted)


def common(query: Query) -> Query:
    """All that listings of one's own photos take."""
    between_dates(query)
    privacy(query)
    media(query)
    return query
