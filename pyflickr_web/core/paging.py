"""Listings: flows that request page after page, and asynchronous iterators over them."""

from .checks import warn_of_limit, warn_of_repeat
from .misuse import require_async_for
from .wire import to_whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from .client import Client
    from .flow import Flow


def list_pages(client: "Client", method: str, values: "dict[str, Any]", whole: bool) -> "Flow":
    """Request a method's pages until the last one, a repeated one, or Flickr's limit.

    Besides effects, yields a list for each page: its items, or, if `whole`, the complete answer. Raises
    `FlickrError` if the method lists nothing.
    """
    table = client.table
    if method in table.levels and method not in table.page_sizes:
        raise client.make_error(method + " lists nothing", method)
    values = dict(values)
    if not whole:
        values.setdefault("per_page", table.page_sizes.get(method) or None)
    page = None
    continuations: list[str] = []
    # Testimonials count their pages from 0.
    first = 1
    while True:
        # Only the first call is checked: later ones have the same arguments.
        answer = yield from client.flow(method, values, page is None)
        body, items = find_items(answer)
        # The replies to a topic have their page numbers in the topic.
        body = _as_object(_as_object(answer.get("replies")).get("topic")) or body
        continuation = body.get("continuation")
        requested_page = to_whole_number(values.get("page")) or 0
        reported_page = to_whole_number(body.get("page"))
        if continuation in continuations or (
            requested_page and reported_page not in (None, requested_page)
        ):
            warn_of_repeat(client, method, requested_page, reported_page)
            return
        # A copy, because the reader removes items from it.
        yield [answer] if whole else items[:]
        if reported_page == 0:
            first = 0
        page = max(requested_page, reported_page or 0) or first
        if not items or not _has_next_page(body, page + 1 - first):
            return
        size = to_whole_number(body.get("perpage") or body.get("per_page")) or 0
        if page * size >= table.limits.get(method, 9e9):
            warn_of_limit(client, method)
            return
        values["page"] = page + 1
        if continuation:
            continuations.append(continuation)
            values["continuation"], values["page"] = continuation, None


def _has_next_page(body: "dict[str, Any]", page: int) -> bool:
    """Return True if there is a page after `page`, which counts from 1."""
    if body.get("continuation"):
        return str(body["continuation"]) != "-1"
    if body.get("pages"):
        return page < (to_whole_number(body["pages"]) or 0)
    return (to_whole_number(body.get("has_next_page")) or 0) > 0


def find_items(answer: "dict[str, Any]") -> "tuple[dict[str, Any], list[Any]]":
    """Return the part of an answer that has a list, and the list.

    If several parts have one, prefer a part with a page number.
    """
    # The tags of a person or a photo are one level deeper.
    tagged = _as_object(answer.get("who") or answer.get("photo"))
    found: dict[str, Any] = {}
    items: list[Any] = []
    for part in [answer[name] for name in sorted(answer)] + [tagged.get("tags")]:
        body = _as_object(part)
        lists = [body[key] for key in sorted(body) if isinstance(body[key], list)]
        if lists and (not found or "page" in body):
            found, items = body, lists[0]
    return found, items


def _as_object(value: "Any") -> "dict[str, Any]":
    """Return `value` if it is a JSON object; an empty one if it is not."""
    return value if isinstance(value, dict) else {}


class AsyncListing:
    """An asynchronous iterator over a listing's flow, which requests each page when it is needed.

    It behaves like an asynchronous generator: one step at a time, and it ends after an error or a
    cancelled step. It is a class because MicroPython has no asynchronous generators.
    """

    def __init__(self, flow: "Flow", run: "Callable[[Flow], Awaitable[Any]]") -> None:
        self._flow = flow
        self._run = run
        self._running = False
        self._ready: list[Any] = []

    def __aiter__(self) -> "AsyncListing":
        return self

    async def __anext__(self) -> "Any":
        self._refuse_if_running()
        if not self._ready:
            self._running = True
            try:
                self._ready = await self._run(self._flow) or []
            except BaseException:
                self._flow.close()
                raise
            finally:
                self._running = False
        if not self._ready:
            raise StopAsyncIteration
        return self._ready.pop(0)

    async def aclose(self) -> None:
        """End the listing; later steps raise `StopAsyncIteration`."""
        self._refuse_if_running()
        self._ready = []
        self._flow.close()

    def _refuse_if_running(self) -> None:
        if self._running:
            raise RuntimeError("already running")


require_async_for(AsyncListing)
