"""`flickr.stats.*` that list referrers: by domain, and by page of a domain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from flickr_sandbox.answers.listing import Page, page
from flickr_sandbox.answers.stats import visits
from flickr_sandbox.answers.stats.visits import KINDS, SubjectKind
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers

PER_PAGE, MAX_PER_PAGE = 25, 100
_DOMAIN = re.compile(r"([\w-]{1,63}\.)+[\w-]{2,63}", re.A)


@dataclass(frozen=True, slots=True)
class Referrer:
    """A page that visitors come from; `term` is the search term of a page of search results."""

    domain: str
    url: str
    term: str = ""


# Views are distributed to these in turn, so the first ones have most.
REFERRERS = (
    Referrer("flickr.com", "https://flickr.com/"),
    Referrer("search.example.com", "https://search.example.com/?q=red+panda", "red panda"),
    Referrer("flickr.com", "https://flickr.com/photos/friends/"),
    Referrer("walks.example.org", "https://walks.example.org/"),
    Referrer("flickr.com", "https://flickr.com/search/?q=lake", "lake"),
    Referrer("search.example.com", "https://search.example.com/?q=tram+lisbon", "tram lisbon"),
    Referrer("news.example.net", "https://news.example.net/pictures/7"),
)


def _domains(kind: SubjectKind) -> Callable[[Call], Answer]:
    def domains(call: Call) -> Answer:
        counts: Counter[str] = Counter()
        for referrer, views in _visits(call, kind).items():
            counts[referrer.domain] += views
        items = [{"name": name, "views": str(views)} for name, views in counts.most_common()]
        wanted = page(call, PER_PAGE, MAX_PER_PAGE).clamp(len(items))
        return {"domains": _page(wanted, len(items)) | {"domain": _slice(items, wanted)}}

    return domains


def _referrers(kind: SubjectKind) -> Callable[[Call], Answer]:
    def referrers(call: Call) -> Answer:
        found = _visits(call, kind)
        domain = call.text("domain").lower()
        if not _DOMAIN.fullmatch(domain):
            raise call.unknown("domain")
        items = [
            {"url": referrer.url, "views": str(views)}
            | ({"searchterm": referrer.term} if referrer.term else {})
            for referrer, views in found.most_common()
            if referrer.domain == domain
        ]
        wanted = page(call, PER_PAGE, MAX_PER_PAGE).clamp(len(items))
        head = _page(wanted, len(items)) | {"name": domain}
        return {"domain": head | {"referrer": _slice(items, wanted)}}

    return referrers


for _name, _kind in KINDS.items():
    answers(f"stats.get{_name}Domains", stateful=False)(_domains(_kind))
    answers(f"stats.get{_name}Referrers", stateful=False)(_referrers(_kind))


def _visits(call: Call, kind: SubjectKind) -> Counter[Referrer]:
    """Distribute the views of a day to the referrers."""
    number = visits.required_day(call)
    views = visits.views(call, kind, visits.subject(call, kind), number)
    each, rest = divmod(views, len(REFERRERS))
    found = Counter({referrer: each + (at < rest) for at, referrer in enumerate(REFERRERS)})
    return +found


def _page(wanted: Page, total: int) -> Answer:
    return {
        "page": wanted.number,
        "perpage": wanted.size,
        "pages": -(-total // wanted.size),
        "total": total,
    }


def _slice(items: list[Answer], wanted: Page) -> list[Answer]:
    return items[wanted.start : wanted.start + wanted.size]
