"""The page in README shows photos."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from examples.demo.server import BUNDLES
from flickr_sandbox import Sandbox
from tests.support.repository import ROOT
from tests.support.web_servers import in_loop


def _block(language: str) -> str:
    """Return the first block of README in a language."""
    found = re.search(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert found
    return found[1]


def test_page_of_readme_shows_photos(page: Page, flickr: Sandbox) -> None:
    # The only change: the key and the host.
    options = {
        "api_key": flickr.account.api_key,
        "base_url": flickr.url,
        "photo_base_url": flickr.url,
    }
    script = _block("js").replace('{ api_key: "…" }', json.dumps(options))
    bundle = (BUNDLES / "flickrapi.js").read_bytes()
    javascript = "text/javascript"
    app = Starlette(
        routes=[
            Route("/", lambda _: HTMLResponse("<!doctype html><title>t</title>" + _block("html"))),
            Route("/flickrapi.js", lambda _: Response(bundle, media_type=javascript)),
            Route("/page.js", lambda _: Response(script, media_type=javascript)),
        ]
    )
    faults: list[object] = []
    page.on("pageerror", lambda fault: faults.append(fault))
    with in_loop(app) as url:
        page.goto(url)
        expect(page.locator("img").nth(20)).not_to_have_js_property("naturalWidth", 0)
    assert faults == []
