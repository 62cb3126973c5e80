"""An origin with pages and a proxy endpoint, which records its requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote_plus, urlencode, urlsplit
from urllib.request import urlopen

from playwright.sync_api import Page, Request, Route

from examples.demo.server import TYPES, Handler
from flickr_sandbox import Sandbox
from tests.support.repository import ROOT
from tests.support.vectors import BUNDLES as EDITIONS
from tests.support.vectors import vectors

HERE = Path(__file__).parent
CONFORMANCE = ROOT / "tests" / "conformance"
HTML = "text/html; charset=utf-8"


@dataclass
class Origin:
    """A server with the method, path and headers of each request that it received."""

    url: str
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    """Answers that the proxy endpoint sends first, unchanged."""

    def verbs(self, path: str) -> list[str]:
        return [verb for verb, target, _ in self.requests if urlsplit(target).path == path]


def _page(bundle: str, *more: str) -> str:
    """Return a page that loads a bundle, then modules."""
    if bundle.endswith(".mjs"):
        scripts = f'<script type="module" src="/module/{bundle}"></script>'
    else:
        scripts = f'<script src="/dist/{bundle}"></script><script src="/pages/classic.js"></script>'
    scripts += "".join(f'<script type="module" src="{module}"></script>' for module in more)
    return f'<!doctype html><title>t</title><body data-edition="{EDITIONS[bundle]}">{scripts}'


class Recording(Handler):
    origin: ClassVar[Origin]
    pages: ClassVar[dict[str, Path]] = Handler.pages | {
        "/pages/classic.js": HERE / "pages/classic.js",
        "/pages/vectors.mjs": HERE / "pages/vectors.mjs",
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
        _, folder, name = self.path.split("/", 2) if self.path.count("/") > 1 else ("", "", "")
        if folder == "load":
            self._send(200, HTML, _page(name).encode())
        elif folder == "run":
            self._send(200, HTML, _page(name, "/pages/vectors.mjs").encode())
        elif folder == "module":
            script = (HERE / "pages/module.mjs").read_text("utf-8")
            self._send(200, TYPES[".mjs"], script.replace("BUNDLE", name).encode())
        elif folder == "vectors":
            self._send(200, "application/json", json.dumps(vectors(name)).encode())
        else:
            super().do_GET()


def total(sandbox: Sandbox, text: str) -> int:
    """Return the number of public photos that match a text."""
    query = {"method": "flickr.photos.search", "text": text, "per_page": "1"}
    query |= {"api_key": sandbox.account.api_key, "format": "json", "nojsoncallback": "1"}
    with urlopen(f"{sandbox.url}/services/rest/?{urlencode(query)}") as answer:
        return int(json.load(answer)["photos"]["total"])


def is_call_with(text: str) -> Callable[[Request], bool]:
    """Return a predicate of requests: true for calls with a text among their arguments."""

    def check(request: Request) -> bool:
        sent = unquote_plus(request.url + (request.post_data or ""))
        return "/services/rest/" in request.url and text in sent

    return check


def hold_calls(page: Page, word: str) -> list[Route]:
    """Hold the calls of a page that contain a word; return the list of them, which grows."""
    held: list[Route] = []
    is_held = is_call_with(word)

    def hold(route: Route) -> None:
        held.append(route) if is_held(route.request) else route.continue_()

    page.route("**/services/rest/**", hold)
    return held
