"""`flickr.interestingness.*`"""

from __future__ import annotations

import re

from flickr_sandbox.answers import dates
from flickr_sandbox.answers.listing import Query, page, photos
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

DAY = 86400
MOST = 500
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@answers("interestingness.getList")
def get_list(call: Call) -> Answer:
    """The 500 public photos of a day that were seen most; without a date, those of the newest day."""
    query = Query(call, order="p.views DESC, p.id DESC")
    query.where(
        "p.id IN (SELECT id FROM photos WHERE posted BETWEEN :first AND :last"
        " AND ispublic AND NOT hidden AND safety_level = 0"
        " ORDER BY views DESC, id DESC LIMIT :most)",
        first=(first := _day(call)),
        last=first + DAY - 1,
        most=MOST,
    )
    return photos(query, page(call), int)


def _day(call: Call) -> int:
    given = call.text("date")
    if not given:
        newest = call.store.value("SELECT max(posted) FROM photos WHERE ispublic")
        return int(newest or 0) // DAY * DAY
    first = dates.unix(given) if _DATE.fullmatch(given) else None
    if first is None or first > call.store.now():
        raise call.unknown("date")
    return first
