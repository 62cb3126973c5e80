"""The server's requests and answers, as the sandbox's rooms take and give them."""

from __future__ import annotations

from aiohttp import web

from pyflickr_web.sandbox.formats import Body
from pyflickr_web.sandbox.received import Received, clean, pairs

# Flickr answers any page, but no request that a browser must ask about first.
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}


def respond(body: Body) -> web.Response:
    """An answer of Flickr's, which comes with status 200 whatever it says."""
    headers = ANY_ORIGIN | {"Content-Type": body.content_type, "Cache-Control": "private"}
    return web.Response(body=body.text.encode("utf-8", "replace"), headers=headers)


def plain(body: str, status: int = 200) -> web.Response:
    """An answer of Flickr's OAuth addresses, and its refusal of a signature anywhere."""
    headers = ANY_ORIGIN | {"Content-Type": "text/plain;charset=UTF-8"}
    return web.Response(status=status, body=body.encode(), headers=headers)


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
        authorization=clean(request.headers.get("Authorization", "")),
    )
