"""The pages of docs/pyodide.md work in Chromium as they are there, beside a CDN of Pyodide."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from compiler.python.lock import PYODIDE_LOCK, LockOptions
from compiler.python.wheel import build_for_pages
from examples.demo.server import Demo
from examples.pyscript.server import handler, list_folder
from flickr_sandbox import Sandbox
from pyflickr_web import __version__
from tests.browser.origin import total
from tests.support.folders import Folders
from tests.support.repository import ROOT
from tests.support.web_servers import in_threads
from tests.support.wheels import MICROPIP, can_build, write_distribution

TEXT = (ROOT / "docs/pyodide.md").read_text("utf-8")
CDN = "https://cdn.jsdelivr.net/pyodide/v{}/full/"
PAGES = [
    page for page in re.findall(r"^```html\n(.*?)^```", TEXT, re.M | re.S) if "doctype" in page
]
INTERPRETERS = (
    "pyodide",
    "pyodide-previous",
    "@micropython/micropython-webassembly-pyscript",
    "micropython-previous",
)


def test_versions_are_those_of_the_tests() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_bytes())["packages"]
    newest, previous, *micro = (lock[f"node_modules/{name}"]["version"] for name in INTERPRETERS)
    sentence = f"Pyodide {newest} and {previous}, MicroPython {micro[0]} and {micro[1]}."
    assert sentence in " ".join(TEXT.split())
    assert set(re.findall(r"https://cdn\S*?/full/", TEXT)) == {CDN.format(newest)}
    assert set(re.findall(r"pyflickr_web-(\d[\d.]*\d)", TEXT)) == {__version__}


def test_readme_links_the_page() -> None:
    assert "docs/pyodide.md" in (ROOT / "README.md").read_text("utf-8")


@can_build
@pytest.mark.soak
@pytest.mark.parametrize("number", range(3))
def test_page_shows_the_number_of_photos(
    number: int, page: Page, sandbox: Sandbox, tmp_path: Path
) -> None:
    assert len(PAGES) == 3
    site, distribution = tmp_path / "site", tmp_path / "distribution"
    distribution.mkdir()
    base = write_distribution(distribution, MICROPIP)
    with in_threads(Folders(distribution, PYODIDE_LOCK.parent)) as cdn_url:
        whl, _ = build_for_pages(site / "flickr", LockOptions(base, f"{cdn_url}/"))
        for file in (whl, ROOT / "browser_dist/pyflickr_web.py"):
            (site / file.name).write_bytes(file.read_bytes())
        text = re.sub(r"https://cdn\S*?/full/", f"{cdn_url}/", PAGES[number])
        (site / "index.html").write_text(text, "utf-8")
        with Demo(sandbox, handler=handler(list_folder(site), policy={})) as demo:
            page.goto(demo.url)
            expect(page.locator("#message")).to_have_text(f"{total(sandbox, 'lake')} photos")
