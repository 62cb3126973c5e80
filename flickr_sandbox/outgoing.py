"""Answers, as the server sends them."""

from __future__ import annotations

from aiohttp import web

from flickr_sandbox.formats import Body

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
