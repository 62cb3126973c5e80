"""Render pages from their templates, and send them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self';"
    " style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
}


def render(template: str, **values: Any) -> str:
    """Render a page; values are escaped as HTML."""
    return _environment().get_template(template).render({"trail": (), "narrow": False, **values})


def page_response(
    text: str, status: int = 200, headers: Mapping[str, str] = PAGE_HEADERS
) -> web.Response:
    """Make the response with a page."""
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=headers
    )


def not_found() -> web.Response:
    """Make the response for an unknown address of a page."""
    text = "The sandbox has no such page, or its account may not see it."
    return page_response(render("message.html", heading="Page not found", text=text, code=""), 404)


@cache
def _environment() -> Environment:
    # Imported at the first page, because most programs and tests need none.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("flickr_sandbox", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
