"""The wheel in Pyodide, under Node and in a page: found by name, verified, alone or beside others."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from compiler.python import wheel
from compiler.python.lock import LOCK, PYODIDE_LOCK, LockOptions
from pyflickr_web import __version__
from tests.support.folders import Folders
from tests.support.repository import ROOT
from tests.support.web_servers import in_threads
from tests.support.wheels import (
    MICROPIP,
    NEIGHBOR,
    can_build,
    install_in_pyodide,
    write_distribution,
)

pytestmark = can_build
SERVERS_MODULES = {"requests", "aiohttp", "starlette", "oauthlib"}


@pytest.fixture(scope="module")
def build_wheel_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the lock of a build."""
    whl, lock = wheel.build_for_pages(tmp_path_factory.mktemp("wheel"))
    return whl, lock


def _judge(facts: dict[str, Any], *others: str) -> None:
    """It is there and imports, asked the network for nothing and brought nothing but `others`."""
    assert (facts["errors"], facts["asked"]) == ([], [])
    assert facts["distributions"] == sorted([*others, "pyflickr-web"])
    assert (facts["flickr"], facts["version"]) == ("pyflickr_web.browser.flickr", __version__)
    assert SERVERS_MODULES.isdisjoint(facts["modules"])


def test_load_package_finds_it_by_name(build_wheel_once: tuple[Path, Path]) -> None:
    _judge(install_in_pyodide("name", build_wheel_once[1]))


@pytest.mark.soak
@pytest.mark.parametrize("way", ["micropip-name", "micropip-url"])
def test_micropip_installs_nothing_else(build_wheel_once: tuple[Path, Path], way: str) -> None:
    whl, lock = build_wheel_once
    _judge(install_in_pyodide(way, lock, whl, MICROPIP), "micropip")


@pytest.mark.soak
def test_small_lock_hides_other_packages(build_wheel_once: tuple[Path, Path]) -> None:
    facts = install_in_pyodide("neighbor", build_wheel_once[1])
    assert "No known package with name 'red-panda'" in "".join(facts["errors"])


@pytest.mark.soak
def test_merged_lock_loads_another_package_too(tmp_path: Path) -> None:
    _judge(install_in_pyodide("neighbor", _merge(tmp_path)), NEIGHBOR)


def _merge(folder: Path, pyodide_lock: Path = PYODIDE_LOCK) -> Path:
    """Write a distribution with another package, and add the wheel; return the lock."""
    base = write_distribution(folder, pyodide_lock=pyodide_lock)
    return wheel.build_for_pages(folder, LockOptions(base))[1]


IN_PAGE = """async ([indexURL, options, names]) => {
  const { loadPyodide } = await import(indexURL + "pyodide.mjs");
  const python = await loadPyodide({ indexURL, ...options });
  const errors = [];
  const errorCallback = (message) => errors.push(message);
  await python.loadPackage(names, { messageCallback() {}, errorCallback });
  const code = "import importlib.util as u; u.find_spec('pyflickr_web') is not None";
  const there = python.runPython(code);
  const food = names.includes("red-panda") && python.runPython("import red_panda; red_panda.FOOD");
  return { errors, there, food };
}"""


def _load_in_page(
    page: Page, folder: Path, *names: str, pyodide: Path = PYODIDE_LOCK.parent
) -> dict[str, Any]:
    """`loadPackage` in a page whose site is Pyodide, and the folder's files before Pyodide's."""
    with in_threads(Folders(folder, pyodide)) as site:
        page.goto(site)
        return _load(page, f"{site}/", {}, *names)


def _load(page: Page, pyodide: str, options: dict[str, str], *names: str) -> dict[str, Any]:
    facts: dict[str, Any] = page.evaluate(IN_PAGE, [pyodide, options, ["pyflickr-web", *names]])
    return facts


ALONE = {"errors": [], "there": True, "food": False}
BESIDE_ANOTHER = ALONE | {"food": "bamboo"}


def test_page_finds_it_by_name(build_wheel_once: tuple[Path, Path], page: Page) -> None:
    assert _load_in_page(page, build_wheel_once[0].parent) == ALONE


@pytest.mark.soak
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


@pytest.mark.soak
def test_page_finds_another_package_of_the_merged_lock(tmp_path: Path, page: Page) -> None:
    _merge(tmp_path)
    assert _load_in_page(page, tmp_path, NEIGHBOR) == BESIDE_ANOTHER


@pytest.mark.soak
def test_merged_lock_of_the_release_before_loads_there(tmp_path: Path, page: Page) -> None:
    previous = ROOT / "node_modules/pyodide-previous"
    _merge(tmp_path, previous / LOCK)
    assert _load_in_page(page, tmp_path, NEIGHBOR, pyodide=previous) == BESIDE_ANOTHER


@pytest.mark.soak
def test_page_finds_packages_of_a_cdn_and_its_own(tmp_path: Path, page: Page) -> None:
    own, distribution = tmp_path / "own", tmp_path / "distribution"
    distribution.mkdir()
    base = write_distribution(distribution)
    site, cdn = Folders(own), Folders(distribution, PYODIDE_LOCK.parent)
    with in_threads(site) as site_url, in_threads(cdn) as cdn_url:
        cdn_url += "/v1/full/"
        whl, lock = wheel.build_for_pages(own, LockOptions(base, cdn_url))
        page.goto(site_url)
        options = {"lockFileURL": f"{site_url}/{lock.name}"}
        facts = _load(page, cdn_url, options, NEIGHBOR, "numpy")
    assert {*site.requested} - {"", "favicon.ico"} == {whl.name, lock.name}
    assert (facts["there"], facts["food"]) == (True, "bamboo")
    # The lock has numpy's address, too; npm's package lacks its file.
    assert "numpy" in "".join(facts["errors"])
    assert [name for name in cdn.requested if name.startswith("numpy-")]
