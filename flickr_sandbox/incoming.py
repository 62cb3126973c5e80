"""Requests of aiohttp, as the sandbox's rooms want them."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

from aiohttp import web

from flickr_sandbox import multipart
from flickr_sandbox.received import Pairs, Received, clean, pairs

# Whether the request at hand is to be answered in the format that was not asked for.
WRONG_FORMAT: ContextVar[bool] = ContextVar("wrong_format", default=False)
# The request at hand and what was read of it: its body can be read once.
_READ: ContextVar[tuple[web.Request, Received] | None] = ContextVar("read", default=None)


async def receive(request: web.Request) -> Received:
    """A request with all of its parameters, for addresses that take no files.

    Fields of a multipart form count as those of any other: flickr-sdk sends all its writes so.
    Raises aiohttp's answer 400 for a multipart form that is broken.
    """
    read = _READ.get()
    if read is None or read[0] is not request:
        read = (request, received(request, await _form(request)))
        _READ.set(read)
    return read[1]


async def _form(request: web.Request) -> Pairs:
    if request.content_type == "application/x-www-form-urlencoded":
        return pairs((await request.read()).decode("utf-8", "replace"))
    if request.content_type != multipart.TYPE:
        return ()
    try:
        return await multipart.read(request)
    except multipart.Broken as broken:
        raise web.HTTPBadRequest(text=f"{broken}\n") from None


def received(request: web.Request, form: Pairs) -> Received:
    """A request whose body has been read already."""
    return Received(
        verb=request.method,
        url=f"{request.scheme}://{request.host}{request.rel_url.raw_path}",
        query=pairs(request.rel_url.raw_query_string),
        form=form,
        authorization=clean(request.headers.get("Authorization", "")),
    )


def other_format(arguments: Mapping[str, str]) -> dict[str, str]:
    """The same call, but for JSON where it was for XML, and the other way round."""
    other = "rest" if arguments.get("format") == "json" else "json"
    return {**arguments, "format": other, "nojsoncallback": "1"}
