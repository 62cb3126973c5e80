"""Measure Python in Chromium: the import, and the time from page load to the first photo."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from bench.browser import launch
from examples.demo.server import Demo, Handler
from examples.pyscript.folder import write
from examples.pyscript.npm import MODULES
from examples.pyscript.server import handler, list_folder
from flickr_sandbox import Sandbox

RUNS = 7
PEER_NEEDS = ["flickrapi", "requests", "requests-oauthlib", "oauthlib", "requests-toolbelt", "six"]
PEER_NEEDS += ["urllib3", "certifi", "idna", "charset-normalizer"]
INTERPRETERS = {
    "Pyodide": ("py", "/pyodide/pyodide.mjs"),
    "MicroPython": ("mpy", "/micropython/micropython.mjs"),
}
IMPORT = """
from js import performance
from pyscript import window
start = performance.now()
import empty
middle = performance.now()
import pyflickr_web
window.timings = f"{performance.now() - middle} {middle - start}"
"""
SCRIPT = """
from pyflickr_web import Flickr
from pyscript import document
answer = await Flickr(endpoint="/services/rest/").photos.search(text="lake", extras="url_m", per_page=1)
image = document.createElement("img")
image.src = Flickr.photo_url(answer["photos"]["photo"][0])
document.body.append(image)
"""
CLASSIC = """
new Flickr({ endpoint: "/services/rest/" })
  .photos.search({ text: "lake", extras: "url_m", per_page: 1 })
  .then(({ photos }) => {
    const image = new Image();
    image.src = Flickr.photoURL(photos.photo[0]);
    document.body.append(image);
  });
"""
FIRST = """() => new Promise((done) => {
  const look = () => {
    const image = document.images[0];
    if (image && image.naturalWidth) done(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})"""
PEER = """async (wheels) => {
  const { loadPyodide } = await import("/pyodide/pyodide.mjs");
  const python = await loadPyodide({ indexURL: "/pyodide/" });
  for (const wheel of wheels) {
    const data = await (await fetch("/wheels/" + wheel)).arrayBuffer();
    python.unpackArchive(data, "wheel");
  }
  const last = (error) => String(error).trim().split("\\n").at(-1);
  const start = performance.now();
  try {
    python.runPython("import flickrapi");
  } catch (error) {
    return "fails to import: " + last(error);
  }
  const taken = (performance.now() - start).toFixed(0);
  try {
    python.runPython(`
flickr = flickrapi.FlickrAPI("demo", "secret", format="parsed-json", store_token=False)
flickr.REST_URL = "${location.origin}/services/rest/"
flickr.photos.search(text="lake")
`);
  } catch (error) {
    return `imports in ${taken} ms, and its call fails: ${last(error)}`;
  }
  return `imports in ${taken} ms, and its call blocks the page`;
}"""


def main() -> None:
    """Print the tables."""
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        write(folder)
        (folder / "empty.py").write_text("")
        wheels = _download_peer(folder / "wheels")
        browser = launch(playwright)
        with _serve_pages(folder) as url:
            _imports(browser, url)
            _first_photos(browser, url)
            page = browser.new_page()
            page.goto(url + "index.html")
            outcome = page.evaluate(PEER, wheels) if wheels else "not available here"
            print(f"\nPyPI's `flickrapi` in Pyodide: {outcome}")
        browser.close()


def _imports(browser: Browser, url: str) -> None:
    print("\n| import, median ms | pyflickr_web.py | an empty module |\n| --- | --- | --- |")
    for name in INTERPRETERS:
        figures = []
        for _ in range(RUNS):
            page = browser.new_page()
            page.goto(f"{url}import/{name}")
            timings = page.wait_for_function("window.timings", timeout=60_000).json_value()
            figures.append([float(figure) for figure in timings.split()])
            page.close()
        ours, floor = (statistics.median(column) for column in zip(*figures, strict=True))
        print(f"| {name} | {ours:.1f} | {floor:.1f} |")


def _first_photos(browser: Browser, url: str) -> None:
    print("\n| first photo through a proxy | median ms |\n| --- | --- |")
    for name in ("JavaScript", "MicroPython", "Pyodide"):
        figures = []
        for _ in range(RUNS):
            page = browser.new_page()
            page.goto(f"{url}first/{name}", wait_until="commit")
            page.wait_for_load_state("domcontentloaded")
            figures.append(page.evaluate(FIRST))
            page.close()
        print(f"| {name} | {statistics.median(figures):.0f} |")


def _page(what: str, name: str) -> str:
    if name == "JavaScript":
        scripts = f'<script src="/dist/flickrapi.js"></script><script>{CLASSIC}</script>'
    else:
        kind, module = INTERPRETERS[name]
        files = {"/pyflickr_web.py": "", "/empty.py": ""}
        config = json.dumps({"interpreter": module, "files": files})
        code = IMPORT if what == "import" else SCRIPT
        scripts = (
            '<script type="module" src="/core/core.js"></script>'
            f"<script type=\"{kind}\" config='{config}'>{code}</script>"
        )
    return f"<!doctype html><title>{what}</title><body>{scripts}"


@contextmanager
def _serve_pages(folder: Path) -> Iterator[str]:
    pyodide = {f"/pyodide/{file.name}": file for file in (MODULES / "pyodide").iterdir()}

    class Pages(Handler):
        pages = handler(list_folder(folder)).pages | pyodide
        policy = {}  # noqa: RUF012

        def do_GET(self) -> None:
            if self.path.startswith(("/first/", "/import/")):
                page = _page(*self.path[1:].split("/"))
                return self._send(200, "text/html; charset=utf-8", page.encode())
            super().do_GET()

    with Sandbox() as flickr, Demo(flickr, handler=Pages) as demo:
        yield demo.url


def _download_peer(folder: Path) -> list[str]:
    """Download flickrapi and its dependencies from PyPI; return the wheels' names, if any."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:"]
    command += ["--dest", str(folder), "--platform", "any", "--no-deps", *PEER_NEEDS]
    subprocess.run(command, check=False, capture_output=True)
    return sorted(file.name for file in folder.glob("*.whl"))
