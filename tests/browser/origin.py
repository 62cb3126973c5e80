"""An origin with pages and a proxy endpoint, which records its requests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from playwright.sync_api import Page, Route

from examples.demo.server import Handler
from flickr_sandbox import Sandbox
from tests.support.repository import ROOT

HERE = Path(__file__).parent
CONFORMANCE = ROOT / "tests" / "conformance"


@dataclass
class Origin:
    """A server with the method, path and headers of each request that it received."""

    url: str
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    """Answers that the proxy endpoint sends first, unchanged."""

    def verbs(self, path: str) -> list[str]:
        return [verb for verb, target, _ in self.requests if urlsplit(target).path == path]


def _page(bundle: str) -> str:
    if bundle.endswith(".mjs"):
        scripts = '<script type="module" src="/pages/module.mjs"></script>'
    else:
        scripts = f'<script src="/dist/{bundle}"></script><script src="/pages/classic.js"></script>'
    return f'<!doctype html><title>t</title><body data-bundle="/dist/{bundle}">{scripts}'


class Recording(Handler):
    origin: ClassVar[Origin]
    pages: ClassVar[dict[str, Path]] = Handler.pages | {
        "/pages/classic.js": HERE / "pages/classic.js",
        "/pages/module.mjs": HERE / "pages/module.mjs",
        "/runner.mjs": CONFORMANCE / "runner.mjs",
    }

    def parse_request(self) -> bool:
        parsed = super().parse_request()
        if parsed:
            self.origin.requests.append((self.command, self.path, dict(self.headers)))
        return parsed

    def do_POST(self) -> None:
        if not self.origin.bodies:
            return super().do_POST()
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send(200, "text/plain; charset=utf-8", self.origin.bodies.pop(0))

    def do_GET(self) -> None:
        if self.path.startswith("/load/"):
            page = _page(self.path.removeprefix("/load/"))
            return self._send(200, "text/html; charset=utf-8", page.encode())
        super().do_GET()


def total(sandbox: Sandbox, text: str) -> int:
    """Return the number of public photos that match a text."""
    query = {"method": "flickr.photos.search", "text": text, "per_page": "1"}
    query |= {"api_key": sandbox.account.api_key, "format": "json", "nojsoncallback": "1"}
    with urlopen(f"{sandbox.url}/services/rest/?{urlencode(query)}") as answer:
        return int(json.load(answer)["photos"]["total"])


def hold_calls(page: Page, word: str) -> list[Route]:
    """Hold the calls of a page that contain a word; return the list of them, which grows."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        request = route.request
        is_held = word in request.url + (request.post_data or "")
        held.append(route) if is_held else route.continue_()

    page.route("**/services/rest/**", hold)
    return held
