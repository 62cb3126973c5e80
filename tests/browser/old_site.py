"""A site for pages of node-flickrapi: its scripts and ours, a proxy, and a sandbox as Flickr's hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Page
from playwright.sync_api import Route as PageRoute
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from examples.demo.server import BUNDLES
from flickr_sandbox import Sandbox
from pyflickr_web import AsyncFlickr
from tests.support.account import options_of
from tests.support.repository import ROOT
from tests.support.web_servers import in_loop

NPM = ROOT / "node_modules/flickrapi/browser"
PAGES = Path(__file__).parent / "old_pages"
# The addresses of scripts on the site.
OURS = ("/dist/flickrapi.js", "/dist/flickrapi.dev.js")
THEIRS = ("/npm/flickrapi.js", "/npm/flickrapi.dev.js")
# For tests: with node-flickrapi's scripts, they show that a page is one of its pages.
SCRIPTS = [*OURS, *(pytest.param(script, marks=pytest.mark.soak) for script in THEIRS)]
_SCRIPT = re.compile(r'src="flickrapi(\.dev)?\.js"')


@contextmanager
def open_site(sandbox: Sandbox) -> Iterator[str]:
    """Run the site; yield its address.

    `/page/NAME?script=ADDRESS` is a page of `old_pages/`, and `/npm/page?script=ADDRESS` the one of
    node-flickrapi's package, with no change but the script's address. `/run` is a page that runs code.
    `/service/rest/` is a proxy for all, `/members/rest/` one that signs for every visitor.
    """

    async def page(request: Request) -> Response:
        return _replace_script(request, PAGES / request.path_params["name"])

    async def npm_page(request: Request) -> Response:
        return _replace_script(request, NPM / "index.html")

    async def runner(request: Request) -> Response:
        script = (Path(__file__).parent / "pages/run_code.js").read_text("utf-8")
        return HTMLResponse(f"<!doctype html><title>t</title><body><script>{script}</script>")

    app = Starlette(
        routes=[
            Route("/run", runner),
            Route("/page/{name}", page),
            Route("/npm/page", npm_page),
            Mount("/npm", StaticFiles(directory=NPM)),
            Mount("/dist", StaticFiles(directory=BUNDLES)),
        ]
    )
    flickr = AsyncFlickr(**options_of(sandbox))
    flickr.proxy(app, "/services/rest/")
    flickr.proxy(app, "/members/rest/", lambda request: "ada")
    with in_loop(app) as url:
        yield url


def _replace_script(request: Request, file: Path) -> Response:
    text, count = _SCRIPT.subn(f'src="{request.query_params["script"]}"', file.read_text("utf-8"))
    assert count == 1
    return HTMLResponse(text)


@contextmanager
def play_flickr(page: Page, sandbox: Sandbox, site: str) -> Iterator[Page]:
    """Let the sandbox answer a page's requests to Flickr, and the site those to the proxy that
    node-flickrapi's page has at port 3000. The pages' key becomes that of the sandbox."""

    def answer_call(route: PageRoute) -> None:
        query = dict(parse_qsl(urlsplit(route.request.url).query, keep_blank_values=True))
        if "api_key" in query:
            query["api_key"] = sandbox.account.api_key
        address = f"{sandbox.url}/services/rest/?{urlencode(query)}"
        route.fulfill(response=route.fetch(url=address))

    def send_photo(route: PageRoute) -> None:
        address = sandbox.url + urlsplit(route.request.url).path
        route.fulfill(response=route.fetch(url=address))

    def answer_proxied(route: PageRoute) -> None:
        response = route.fetch(url=f"{site}/service/rest/", headers=_drop_origin(route))
        headers = response.headers | {"access-control-allow-origin": "*"}
        route.fulfill(response=response, headers=headers)

    page.route("https://api.flickr.com/**", answer_call)
    page.route(re.compile(r"https://(farm\d+|live)\.staticflickr\.com/"), send_photo)
    page.route("http://localhost:3000/**", answer_proxied)
    yield page
    # A test may end while photos load.
    page.unroute_all(behavior="ignoreErrors")


def _drop_origin(route: PageRoute) -> dict[str, str]:
    headers = route.request.headers
    return {name: headers[name] for name in headers if name == "content-type"}
