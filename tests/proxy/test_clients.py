"""Foreign Flickr clients, and our bundles, that call through the proxy."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flickrapi
import pytest
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from flickr_sandbox import Sandbox
from pyflickr_web import Flickr
from pyflickr_web.serve.site import bundles
from tests.proxy.proxies import Open
from tests.proxy.servers import PATH
from tests.support.account import options_of
from tests.support.repository import ROOT
from tests.support.timeouts import TIMEOUT
from tests.support.web_servers import in_loop

HERE = Path(__file__).parent
ORIGINAL = ROOT / "node_modules" / "flickrapi" / "browser"
SEARCH = {"text": "red panda", "per_page": 2}
ASK = """([endpoint, values]) => new Promise((done) => {
  const report = (error, result) => done({ error: error && `${error}`, result });
  new Flickr({ endpoint }).photos.search(values, report);
})"""


def _site(sandbox: Sandbox, **policy: Any) -> Starlette:
    app = Starlette(
        routes=[
            Route("/", lambda request: HTMLResponse("<!doctype html><title>t</title>")),
            Mount("/original", StaticFiles(directory=ORIGINAL)),
            Mount("/dist", StaticFiles(directory=bundles())),
        ]
    )
    Flickr(**options_of(sandbox)).proxy(app, PATH, **policy)
    return app


@pytest.fixture
def site(flickr: Sandbox) -> Iterator[str]:
    """The address of a site with a proxy and with bundles."""
    with in_loop(_site(flickr)) as url:
        yield url


@pytest.mark.parametrize(
    "bundle",
    [
        "original/flickrapi.js",
        "original/flickrapi.dev.js",
        "dist/flickrapi.js",
        "dist/flickrapi.dev.js",
    ],
)
def test_bundle_in_a_page(page: Page, site: str, bundle: str) -> None:
    page.goto(site)
    page.add_script_tag(url=f"{site}/{bundle}")
    for endpoint in (PATH, PATH.rstrip("/")):
        report = page.evaluate(ASK, [endpoint, SEARCH])
        assert not report["error"]
        assert len(report["result"]["photos"]["photo"]) == 2


def test_page_of_another_origin(page: Page, flickr: Sandbox, site: str) -> None:
    page.goto(site)
    page.add_script_tag(url=f"{site}/dist/flickrapi.js")
    with in_loop(_site(flickr, origins=site)) as other:
        assert page.evaluate(ASK, [other + PATH, SEARCH])["result"]["stat"] == "ok"
        failed = page.evaluate(ASK, [other + PATH, {"text": "x" * 70_000}])
        assert "text is longer than 64000 characters" in failed["error"]
    with in_loop(_site(flickr, origins="https://friend.example")) as other:
        assert "no answer" in page.evaluate(ASK, [other + PATH, SEARCH])["error"]


def test_flickr_sdk(open_proxy: Open, options: Any) -> None:
    proxy = open_proxy(options)
    done = subprocess.run(
        ["node", HERE / "flickr_sdk.mjs", proxy.url],
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["echo"]["text"] == {"_content": "grüße + 100% ~!*'()"}
    assert "api_key" not in report["echo"]
    assert report["search"]["stat"] == "ok"
    assert "Photo" in report["unknown"]


def test_flickr_sdk_reads_and_writes_what_needs_a_login(
    open_proxy: Open, options: Any, flickr: Sandbox
) -> None:
    """flickr-sdk reads by GET and writes by multipart/form-data; its signatures are dropped."""
    photo = own_photo(options)
    proxy = open_proxy(options, "everybody", perms="write")
    done = subprocess.run(
        ["node", HERE / "flickr_sdk_signed.mjs", proxy.url, photo],
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["login"]["user"]["id"] == flickr.account.user_id
    assert report["search"]["stat"] == "ok"
    assert report["added"]["stat"] == "ok"
    assert "grüße" in [tag["raw"] for tag in report["tags"]["photo"]["tags"]["tag"]]
    # Servers differ in the capitals of the reason phrase.
    assert report["unknown"].title() == "Not Found"


def own_photo(options: dict[str, Any]) -> str:
    """Return the id of a photo of the account that is signed in."""
    with Flickr(**options) as client:
        photos = client.people.getPhotos(user_id="me", authenticated=True, per_page=1)
        return str(photos["photos"]["photo"][0]["id"])


def test_flickrapi_reads_and_writes_what_needs_a_login(
    open_proxy: Open, options: Any, flickr: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = open_proxy(options, "everybody", perms="write")
    monkeypatch.setattr(flickrapi.FlickrAPI, "REST_URL", proxy.url)
    client = flickrapi.FlickrAPI("no key of mine", "nor secret", store_token=False)
    assert client.test.login().find("user").get("id") == flickr.account.user_id
    photo = own_photo(options)
    assert client.photos.addTags(photo_id=photo, tags="grüße").get("stat") == "ok"
    found = client.photos.getInfo(photo_id=photo, format="parsed-json")["photo"]["tags"]["tag"]
    assert "grüße" in [tag["raw"] for tag in found]


def test_flickrapi(open_proxy: Open, options: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = open_proxy(options)
    monkeypatch.setattr(flickrapi.FlickrAPI, "REST_URL", proxy.url)
    client = flickrapi.FlickrAPI("no key of mine", "nor secret", store_token=False)
    assert client.photos.search(text="lagoon", per_page=2).find("photos").get("perpage") == "2"
    parsed = client.test.echo(text="grüße + 100%", format="parsed-json")
    assert parsed["text"] == {"_content": "grüße + 100%"}
    assert "oauth_signature" not in parsed
    with pytest.raises(flickrapi.FlickrError, match="Photo"):
        client.photos.getInfo(photo_id="1", format="parsed-json")
