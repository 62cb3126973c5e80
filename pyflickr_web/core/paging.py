"""Listings: as flows that find one page after another, and as asynchronous iterators over them."""

from .checks import warn_of_limit
from .exchange import whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from .client import Client
    from .flow import Flow


def listing(client: "Client", method: str, values: "dict[str, Any]", whole: bool) -> "Flow":
    """The flow of a method's listing, to the last page or to Flickr's limit.

    Beside the effects of the calls it yields, for each page, a list of what was found: the items, or
    where the pages are wanted `whole`, the answer.
    """
    page = whole_number(values.get("page")) or 1
    while True:
        answer = yield from client._call(method, values)
        body, items = found_in(answer)
        # The replies to a topic tell their pages in the topic.
        body = answer.get("replies", {}).get("topic") or body
        # A copy, as the reader takes items out of it.
        yield [answer] if whole else items[:]
        if not items or not _goes_on(body, page):
            return
        size = whole_number(body.get("perpage") or body.get("per_page")) or 0
        if page * size >= client._table.limits.get(method, 9e9):
            warn_of_limit(client, method)
            return
        page += 1
        values = dict(values)
        if body.get("continuation"):
            values["continuation"] = body["continuation"]
        else:
            values["page"] = page


def _goes_on(body: "dict[str, Any]", page: int) -> bool:
    if body.get("continuation"):
        return str(body["continuation"]) != "-1"
    if body.get("pages"):
        return page < (whole_number(body["pages"]) or 0)
    return (whole_number(body.get("has_next_page")) or 0) > 0


def found_in(answer: "dict[str, Any]") -> "tuple[dict[str, Any], list[Any]]":
    """The part of an answer that lists something, and what it lists.

    An answer may hold more beside it, so one that tells its page counts before one that does not.
    """
    found: dict[str, Any] = {}
    items: list[Any] = []
    for name in sorted(answer):
        part = answer[name]
        if isinstance(part, dict):
            lists = [part[key] for key in sorted(part) if isinstance(part[key], list)]
            if lists and (not found or "page" in part):
                found, items = part, lists[0]
    return found, items


class AsyncListing:
    """`async for … in …` over a listing's flow: a page is asked for when it is wanted."""

    def __init__(self, flow: "Flow", run: "Callable[[Flow], Awaitable[Any]]") -> None:
        self._flow = flow
        self._run = run
        self._ready: list[Any] = []

    def __aiter__(self) -> "AsyncListing":
        return self

    async def __anext__(self) -> "Any":
        if not self._ready:
            self._ready = await self._run(self._flow) or []
        if not self._ready:
            raise StopAsyncIteration
        return self._ready.pop(0)
