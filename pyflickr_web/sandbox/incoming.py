"""Requests of aiohttp, as the sandbox's rooms want them."""

from __future__ import annotations

from aiohttp import web

from pyflickr_web.sandbox import multipart
from pyflickr_web.sandbox.received import Pairs, Received, clean, pairs


async def receive(request: web.Request) -> Received:
    """A request with all of its parameters, for addresses that take no files.

    Fields of a multipart form count as those of any other: flickr-sdk sends all its writes so.
    Raises aiohttp's answer 400 for a multipart form that is broken.
    """
    if request.content_type == "application/x-www-form-urlencoded":
        return received(request, pairs((await request.read()).decode("utf-8", "replace")))
    if request.content_type == multipart.TYPE:
        try:
            return received(request, await multipart.read(request))
        except multipart.Broken as broken:
            raise web.HTTPBadRequest(text=f"{broken}\n") from None
    return received(request, ())


def received(request: web.Request, form: Pairs) -> Received:
    """A request whose body has been read already."""
    return Received(
        verb=request.method,
        url=f"{request.scheme}://{request.host}{request.rel_url.raw_path}",
        query=pairs(request.rel_url.raw_query_string),
        form=form,
        authorization=clean(request.headers.get("Authorization", "")),
    )
