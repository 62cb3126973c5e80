"""In Chromium, pages of other sites get nothing from a proxy: by script, image, link or fetch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserType, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.serve.site import Site
from tests.support.account import options_of
from tests.support.repository import ROOT
from tests.support.web_servers import in_loop

# Chromium takes names below localhost for safe ones, to which alone it says where a request comes from.
RULES = "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PROXY = "api.photos.localhost"
OTHERS = {"another site": "stranger.localhost", "a sibling": "www.photos.localhost"}
SEARCH = {"method": "flickr.photos.search", "text": "red panda", "per_page": "2", "format": "json"}
LOGIN = {"method": "flickr.test.login", "format": "json"}
# Each loads an address in one way; a script's function notes what it is called with.
LOAD = """([way, url]) => new Promise((done) => {
  window.got = null;
  window.jsonFlickrApi = window.take = (answer) => { window.got = answer.stat; };
  const told = (event) => done([event.type, window.got]);
  if (way === "fetch" || way === "fetch, no-cors")
    return fetch(url, way === "fetch" ? {} : { mode: "no-cors" })
      .then((answer) => answer.text()).then((text) => done([text && "load", text || null]))
      .catch(() => done(["error", null]));
  const element = document.createElement({ script: "script", image: "img", style: "link" }[way]);
  if (way === "style") element.rel = "stylesheet";
  element.onload = element.onerror = told;
  element[way === "style" ? "href" : "src"] = url;
  document.head.append(element);
})"""
WAYS = ("script", "image", "style", "fetch", "fetch, no-cors")


@pytest.fixture(scope="module")
def chromium(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """A Chromium that finds names below localhost."""
    arguments = [*browser_type_launch_args["args"], RULES]
    with browser_type.launch(**{**browser_type_launch_args, "args": arguments}) as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context() as context:
        yield context.new_page()


class Place:
    """A proxy with pages beside it, and requests that came to it by their `Sec-Fetch-Site`."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.port = 0
        self.answers: list[tuple[str, int]] = []

    def address(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}{path}"

    def call(self, **arguments: str) -> str:
        return self.address(PROXY, f"/services/rest/?{urlencode(arguments)}")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def noted(message: Any) -> None:
            if message["type"] == "http.response.start" and "/services/" in scope["path"]:
                headers = dict(scope["headers"])
                site = headers.get(b"sec-fetch-site", b"").decode()
                self.answers.append((site, message["status"]))
            await send(message)

        await self.app(scope, receive, noted)


async def _blank(request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>t</title>")


@pytest.fixture
def open_place(sandbox: Sandbox) -> Iterator[Any]:
    """Opens a place: `open_place(authenticator, **policy)`."""
    flickr = Flickr(**options_of(sandbox))
    with ExitStack() as stack:

        def open_place(authenticator: Any = None, **policy: Any) -> Place:
            app = Starlette(routes=[Route("/", _blank)])
            flickr.proxy(app, authenticator=authenticator, **policy)
            place = Place(app)
            place.port = urlsplit(stack.enter_context(in_loop(place))).port or 0
            return place

        yield open_place


def _member(request: Request) -> None:
    """Lets in everybody, as a network of an office may."""


@pytest.mark.parametrize("authenticator", [None, _member], ids=["open", "members"])
@pytest.mark.parametrize("host", OTHERS.values(), ids=list(OTHERS))
def test_page_of_another_site_gets_nothing(
    page: Page, open_place: Any, flickr: Sandbox, host: str, authenticator: Any
) -> None:
    place = open_place(authenticator, origins=["https://friend.example"])
    page.goto(place.address(host, "/"))
    site = "same-site" if "photos" in host else "cross-site"
    for call in (SEARCH, {**SEARCH, "jsoncallback": "take"}, LOGIN):
        for way in WAYS:
            assert page.evaluate(LOAD, [way, place.call(**call)])[1] is None
    assert place.answers == [(site, 403)] * 3 * len(WAYS)
    assert not flickr.calls


@pytest.mark.parametrize("host", OTHERS.values(), ids=list(OTHERS))
def test_link_on_another_site_leads_to_nothing(
    page: Page, open_place: Any, flickr: Sandbox, host: str
) -> None:
    place = open_place(_member)
    page.goto(place.address(host, "/"))
    link = f'<a href="{place.call(**LOGIN)}">link</a>'
    page.set_content(link)
    with page.expect_navigation() as arrival:
        page.click("a")
    assert arrival.value and arrival.value.status == 403
    assert not flickr.calls


def test_own_page_gets_answers(page: Page, open_place: Any) -> None:
    place = open_place()
    page.goto(place.address(PROXY, "/"))
    event, text = page.evaluate(LOAD, ["fetch", place.call(**SEARCH, nojsoncallback="1")])
    assert (event, json.loads(text)["stat"]) == ("load", "ok")
    # A plain format=json is no script, not even to an own page.
    assert page.evaluate(LOAD, ["script", place.call(**SEARCH)]) == ["error", None]
    assert place.answers == [("same-origin", 200)] * 2
    page.set_content(f'<a href="{place.call(**SEARCH)}">link</a>')
    with page.expect_navigation() as arrival:
        page.click("a")
    assert arrival.value and arrival.value.status == 200


@pytest.mark.parametrize("host", [*OTHERS.values(), PROXY], ids=[*OTHERS, "its own"])
def test_script_tags_call_where_jsonp_is_on(page: Page, open_place: Any, host: str) -> None:
    place = open_place(origins="*", jsonp=True)
    page.goto(place.address(host, "/"))
    for call in (SEARCH, {**SEARCH, "jsoncallback": "take"}):
        assert page.evaluate(LOAD, ["script", place.call(**call)]) == ["load", "ok"]


def test_script_tag_runs_nothing_where_only_any_origin_is_allowed(
    page: Page, open_place: Any
) -> None:
    place = open_place(origins="*")
    page.goto(place.address(OTHERS["another site"], "/"))
    for call in (SEARCH, {**SEARCH, "jsoncallback": "take"}):
        assert page.evaluate(LOAD, ["script", place.call(**call)]) == ["error", None]
    assert place.answers == [("cross-site", 200), ("cross-site", 400)]


@pytest.mark.parametrize("bundle", ["flickrapi.js", "flickrapi.dev.js"])
def test_page_of_a_file_is_told_to_come_over_http(
    page: Page, open_place: Any, flickr: Sandbox, tmp_path: Path, bundle: str
) -> None:
    place = open_place(_member)
    file = tmp_path / "page.html"
    script = (ROOT / "browser_dist" / bundle).as_uri()
    file.write_text(f'<!doctype html><script src="{script}"></script>')
    page.goto(file.as_uri())
    told = page.evaluate(
        """(endpoint) => new Flickr({ endpoint }).photos.search({ text: "red panda" })
          .catch((error) => error.message)""",
        place.address(PROXY, "/services/rest/"),
    )
    assert "open the page over http" in told
    for way in ("script", "image", "style"):
        assert page.evaluate(LOAD, [way, place.call(**SEARCH)]) == ["error", None]
    assert {status for _, status in place.answers} == {204, 403}
    assert not flickr.calls


def test_bundles_are_for_pages_of_all_sites(page: Page) -> None:
    place = Place(Site(Flickr.token_only(api_key="k" * 32)))
    with in_loop(place) as url:
        place.port = urlsplit(url).port or 0
        with in_loop(Starlette(routes=[Route("/", _blank)])) as other:
            page.goto(other.replace("127.0.0.1", OTHERS["another site"]))
            for name in ("flickrapi.js", "flickrapi.dev.js"):
                page.add_script_tag(url=place.address(PROXY, f"/{name}"))
                assert page.evaluate("typeof Flickr") == "function"
            for path in ("/flickrapi.js", "/healthz"):
                loaded = page.evaluate(LOAD, ["fetch, no-cors", place.address(PROXY, path)])
                assert loaded[0] != "error"
