"""Requests of aiohttp, as the sandbox's rooms want them."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

from aiohttp import web

from pyflickr_web.sandbox.received import Received, pairs

# Whether the request at hand is to be answered in the format that was not asked for.
WRONG_FORMAT: ContextVar[bool] = ContextVar("wrong_format", default=False)


async def receive(request: web.Request) -> Received:
    """A request with all of its parameters, for addresses that take no files."""
    form: tuple[tuple[str, str], ...] = ()
    if request.content_type == "application/x-www-form-urlencoded":
        form = pairs((await request.read()).decode("utf-8", "replace"))
    return received(request, form)


def received(request: web.Request, form: tuple[tuple[str, str], ...]) -> Received:
    """A request whose body has been read already."""
    return Received(
        verb=request.method,
        url=f"{request.scheme}://{request.host}{request.rel_url.raw_path}",
        query=pairs(request.rel_url.raw_query_string),
        form=form,
        authorization=request.headers.get("Authorization", ""),
    )


def other_format(arguments: Mapping[str, str]) -> dict[str, str]:
    """The same call, but for JSON where it was for XML, and the other way round."""
    other = "rest" if arguments.get("format") == "json" else "json"
    return {**arguments, "format": other, "nojsoncallback": "1"}
