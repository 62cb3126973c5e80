"""In Chromium, pages of other sites get no data from a proxy, by script, image, link or fetch."""

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

# Chromium sends `Sec-Fetch-Site` to secure origins only; names below localhost count as secure.
RULES = "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PROXY = "api.photos.localhost"
OTHERS = {"another site": "stranger.localhost", "a sibling": "www.photos.localhost"}
SEARCH = {"method": "flickr.photos.search", "text": "red panda", "per_page": "2", "format": "json"}
LOGIN = {"method": "flickr.test.login", "format": "json"}
# Load an address in one of `WAYS`; `got` is the status that a script passes to its callback.
LOAD = """([way, url]) => new Promise((done) => {
  window.got = null;
  window.jsonFlickrApi = window.take = (answer) => { window.got = answer.stat; };
  const report = (event) => done([event.type, window.got]);
  if (way === "fetch" || way === "fetch, no-cors")
    return fetch(url, way === "fetch" ? {} : { mode: "no-cors" })
      .then((answer) => answer.text()).then((text) => done([text && "load", text || null]))
      .catch(() => done(["error", null]));
  const element = document.createElement({ script: "script", image: "img", style: "link" }[way]);
  if (way === "style") element.rel = "stylesheet";
  element.onload = element.onerror = report;
  element[way === "style" ? "href" : "src"] = url;
  document.head.append(element);
})"""
WAYS = ("script", "image", "style", "fetch", "fetch, no-cors")


@pytest.fixture(scope="module")
def chromium(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """Launch a Chromium that resolves names below localhost."""
    arguments = [*browser_type_launch_args["args"], RULES]
    with browser_type.launch(**{**browser_type_launch_args, "args": arguments}) as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context() as context:
        yield context.new_page()


class RecordingServer:
    """A server with pages and a proxy, which records each request's `Sec-Fetch-Site` and status."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.port = 0
        self.answers: list[tuple[str, int]] = []

    def address(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}{path}"

    def call(self, **arguments: str) -> str:
        return self.address(PROXY, f"/services/rest/?{urlencode(arguments)}")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_and_record(message: Any) -> None:
            if message["type"] == "http.response.start" and "/services/" in scope["path"]:
                headers = dict(scope["headers"])
                site = headers.get(b"sec-fetch-site", b"").decode()
                self.answers.append((site, message["status"]))
            await send(message)

        await self.app(scope, receive, send_and_record)


async def _blank(request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>t</title>")


@pytest.fixture
def open_server(sandbox: Sandbox) -> Iterator[Any]:
    """Return a function that starts a server: `open_server(authenticator, **policy)`."""
    flickr = Flickr(**options_of(sandbox))
    with ExitStack() as stack:

        def open_server(authenticator: Any = None, **policy: Any) -> RecordingServer:
            app = Starlette(routes=[Route("/", _blank)])
            flickr.proxy(app, authenticator=authenticator, **policy)
            server = RecordingServer(app)
            server.port = urlsplit(stack.enter_context(in_loop(server))).port or 0
            return server

        yield open_server


def _member(request: Request) -> None:
    """Accept every request, like an authenticator of an office network."""


@pytest.mark.parametrize("authenticator", [None, _member], ids=["open", "members"])
@pytest.mark.parametrize("host", OTHERS.values(), ids=list(OTHERS))
def test_page_of_another_site_gets_no_data(
    page: Page, open_server: Any, flickr: Sandbox, host: str, authenticator: Any
) -> None:
    server = open_server(authenticator, origins=["https://friend.example"])
    page.goto(server.address(host, "/"))
    site = "same-site" if "photos" in host else "cross-site"
    for call in (SEARCH, {**SEARCH, "jsoncallback": "take"}, LOGIN):
        for way in WAYS:
            assert page.evaluate(LOAD, [way, server.call(**call)])[1] is None
    assert server.answers == [(site, 403)] * 3 * len(WAYS)
    assert not flickr.calls


@pytest.mark.parametrize("host", OTHERS.values(), ids=list(OTHERS))
def test_link_on_another_site_is_rejected(
    page: Page, open_server: Any, flickr: Sandbox, host: str
) -> None:
    server = open_server(_member)
    page.goto(server.address(host, "/"))
    link = f'<a href="{server.call(**LOGIN)}">link</a>'
    page.set_content(link)
    with page.expect_navigation() as arrival:
        page.click("a")
    assert arrival.value and arrival.value.status == 403
    assert not flickr.calls


def test_own_page_gets_answers(page: Page, open_server: Any) -> None:
    server = open_server()
    page.goto(server.address(PROXY, "/"))
    event, text = page.evaluate(LOAD, ["fetch", server.call(**SEARCH, nojsoncallback="1")])
    assert (event, json.loads(text)["stat"]) == ("load", "ok")
    # Plain format=json is not a script, even for a page of the same origin.
    assert page.evaluate(LOAD, ["script", server.call(**SEARCH)]) == ["error", None]
    assert server.answers == [("same-origin", 200)] * 2
    page.set_content(f'<a href="{server.call(**SEARCH)}">link</a>')
    with page.expect_navigation() as arrival:
        page.click("a")
    assert arrival.value and arrival.value.status == 200


@pytest.mark.parametrize("host", [*OTHERS.values(), PROXY], ids=[*OTHERS, "its own"])
def test_script_tags_work_with_jsonp(page: Page, open_server: Any, host: str) -> None:
    server = open_server(origins="*", jsonp=True)
    page.goto(server.address(host, "/"))
    for call in (SEARCH, {**SEARCH, "jsoncallback": "take"}):
        assert page.evaluate(LOAD, ["script", server.call(**call)]) == ["load", "ok"]


def test_script_tag_runs_nothing_without_jsonp(page: Page, open_server: Any) -> None:
    server = open_server(origins="*")
    page.goto(server.address(OTHERS["another site"], "/"))
    for call in (SEARCH, {**SEARCH, "jsoncallback": "take"}):
        assert page.evaluate(LOAD, ["script", server.call(**call)]) == ["error", None]
    assert server.answers == [("cross-site", 200), ("cross-site", 400)]


@pytest.mark.parametrize("bundle", ["flickrapi.js", "flickrapi.dev.js"])
def test_page_from_a_file_gets_advice_to_use_http(
    page: Page, open_server: Any, flickr: Sandbox, tmp_path: Path, bundle: str
) -> None:
    server = open_server(_member)
    file = tmp_path / "page.html"
    script = (ROOT / "browser_dist" / bundle).as_uri()
    file.write_text(f'<!doctype html><script src="{script}"></script>')
    page.goto(file.as_uri())
    message = page.evaluate(
        """(endpoint) => new Flickr({ endpoint }).photos.search({ text: "red panda" })
          .catch((error) => error.message)""",
        server.address(PROXY, "/services/rest/"),
    )
    assert "open the page over http" in message
    for way in ("script", "image", "style"):
        assert page.evaluate(LOAD, [way, server.call(**SEARCH)]) == ["error", None]
    assert {status for _, status in server.answers} == {204, 403}
    assert not flickr.calls


def test_bundles_are_for_pages_of_all_sites(page: Page) -> None:
    server = RecordingServer(Site(Flickr.token_only(api_key="k" * 32)))
    with in_loop(server) as url:
        server.port = urlsplit(url).port or 0
        with in_loop(Starlette(routes=[Route("/", _blank)])) as other:
            page.goto(other.replace("127.0.0.1", OTHERS["another site"]))
            for name in ("flickrapi.js", "flickrapi.dev.js"):
                page.add_script_tag(url=server.address(PROXY, f"/{name}"))
                assert page.evaluate("typeof Flickr") == "function"
            for path in ("/flickrapi.js", "/healthz"):
                event, _ = page.evaluate(LOAD, ["fetch, no-cors", server.address(PROXY, path)])
                assert event != "error"
