"""The wheel in Pyodide, under Node and in a page: found by name, held to its checksum, alone."""

from __future__ import annotations

import json
import mimetypes
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from compiler.python import wheel
from pyflickr_web import __version__
from tests.support.vectors import HERE
from tests.support.wheels import MICROPIP, can_build

pytestmark = can_build
SERVERS_MODULES = {"requests", "aiohttp", "starlette", "oauthlib"}


@pytest.fixture(scope="module")
def build_wheel_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the lock of a build."""
    whl, lock = wheel.build_for_pages(tmp_path_factory.mktemp("wheel"))
    return whl, lock


def _install(way: str, lock: Path, *more: Path) -> dict[str, Any]:
    done = subprocess.run(
        ["node", HERE / "wheel.mjs", way, lock, *more],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def _judge(facts: dict[str, Any], *others: str) -> None:
    """It is there and imports, asked the network for nothing and brought nothing but `others`."""
    assert (facts["errors"], facts["asked"]) == ([], [])
    assert facts["distributions"] == sorted([*others, "pyflickr-web"])
    assert (facts["flickr"], facts["version"]) == ("pyflickr_web.browser.flickr", __version__)
    assert SERVERS_MODULES.isdisjoint(facts["modules"])


def test_load_package_finds_it_by_name(build_wheel_once: tuple[Path, Path]) -> None:
    _judge(_install("name", build_wheel_once[1]))


@pytest.mark.parametrize(
    "way", ["micropip-name", pytest.param("micropip-url", marks=pytest.mark.soak)]
)
def test_micropip_installs_nothing_else(build_wheel_once: tuple[Path, Path], way: str) -> None:
    whl, lock = build_wheel_once
    _judge(_install(way, lock, whl, MICROPIP), "micropip")


IN_PAGE = """async () => {
  const { loadPyodide } = await import("/pyodide.mjs");
  const python = await loadPyodide({ indexURL: "/" });
  const errors = [];
  const errorCallback = (message) => errors.push(message);
  await python.loadPackage("pyflickr-web", { messageCallback() {}, errorCallback });
  const code = "import importlib.util as u; u.find_spec('pyflickr_web') is not None";
  return { errors, there: python.runPython(code) };
}"""


def _load_in_page(page: Page, folder: Path) -> dict[str, Any]:
    """`loadPackage` in a page whose site is Pyodide, and the folder's files before Pyodide's."""

    def serve(route: Route) -> None:
        name = urlsplit(route.request.url).path.strip("/")
        files = [place / name for place in (folder, wheel.PYODIDE_LOCK.parent)]
        found = next((file for file in files if file.is_file()), None)
        if found:
            kinds = {".mjs": "text/javascript", ".js": "text/javascript"}
            kind = kinds.get(found.suffix) or mimetypes.guess_type(name)[0]
            route.fulfill(body=found.read_bytes(), content_type=kind or "application/octet-stream")
        else:
            route.fulfill(body="", content_type="text/html", status=404 if name else 200)

    page.route("**/*", serve)
    page.goto("http://127.0.0.1/")
    facts: dict[str, Any] = page.evaluate(IN_PAGE)
    return facts


def test_page_finds_it_by_name(build_wheel_once: tuple[Path, Path], page: Page) -> None:
    assert _load_in_page(page, build_wheel_once[0].parent) == {"errors": [], "there": True}


def test_page_refuses_a_changed_wheel(
    build_wheel_once: tuple[Path, Path], tmp_path: Path, page: Page
) -> None:
    # In a page, for under Node Pyodide reads packages without a look at the lock's checksums.
    for file in build_wheel_once:
        shutil.copy(file, tmp_path)
    changed = tmp_path / build_wheel_once[0].name
    with zipfile.ZipFile(changed, "a") as archive:
        archive.writestr("pyflickr_web/other.py", "")
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    facts = _load_in_page(page, tmp_path)
    assert facts["errors"]
    assert not facts["there"]
    assert [text for text in console if "integrity" in text and changed.name in text]
