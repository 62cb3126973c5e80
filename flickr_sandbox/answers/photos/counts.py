"""`flickr.photos.getCounts`"""

from __future__ import annotations

from itertools import pairwise

from flickr_sandbox.answers import dates
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers


@answers("photos.getCounts")
def get_counts(call: Call) -> Answer:
    """How many photos of one's own lie between each two dates that follow each other."""
    uploaded = sorted(found for found in map(dates.unix, call.items("dates")) if found is not None)
    taken = sorted(found for found in map(dates.mysql, call.items("taken_dates")) if found)
    if not uploaded and not taken:
        raise call.unknown("dates")
    counts = [_count(call, "posted", *span) for span in pairwise(uploaded)]
    counts += [_count(call, "taken", *span) for span in pairwise(taken)]
    return {"photocounts": {"photocount": counts}}


def _count(call: Call, column: str, first: int | str, last: int | str) -> Answer:
    found = call.store.value(
        f"SELECT count(*) FROM photos WHERE owner = :me AND {column} >= :first"
        f" AND {column} < :last",
        me=call.me,
        first=first,
        last=last,
    )
    return {"count": str(found), "fromdate": str(first), "todate": str(last)}
