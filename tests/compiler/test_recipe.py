"""The recipe for Pyodide's distribution is valid, and gives the wheel of `python -m compiler wheel`."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from compiler.python import wheel
from compiler.python.lock import LOCK, PACKAGE
from pyflickr_web import __version__
from tests.support.cross_build import serve_environment
from tests.support.repository import ROOT
from tests.support.wheels import can_build, install_in_pyodide

pytestmark = can_build
RECIPE = ROOT / "recipes" / PACKAGE / "meta.yaml"
SDIST = f"pyflickr_web-{__version__}"


def _read_recipe(path: Path = RECIPE) -> Any:
    """Return the recipe as pyodide-build reads it; it refuses unknown keys and wrong values."""
    from pyodide_build.recipe.spec import MetaConfig

    return MetaConfig.from_yaml(path)


def _write_for_release(folder: Path, url: str, sha256: str) -> Path:
    """Write the recipe as the distribution takes it, with the address of a released sdist."""
    text, count = re.subn(
        r"^  path: .*$", f"  url: {url}\n  sha256: {sha256}", RECIPE.read_text("utf-8"), flags=re.M
    )
    assert count == 1
    path = folder / "meta.yaml"
    path.write_text(text, "utf-8")
    return path


def _read_wheel(path: Path) -> dict[str, bytes]:
    """Return the files of a wheel by name, without the list of them."""
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if not name.endswith(("/", "/RECORD"))]
        return {name: file.read(name) for name in names}


def test_recipe_is_valid_and_agrees_with_the_package() -> None:
    recipe = _read_recipe()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (recipe.package.name, recipe.package.version) == (project["name"], __version__)
    assert recipe.package.top_level == recipe.test.imports == ["pyflickr_web"]
    assert recipe.source.path.resolve() == ROOT / "dist" / SDIST
    assert (recipe.about.summary, recipe.about.license) == (
        project["description"],
        project["license"],
    )
    # All dependencies are excluded in Pyodide, which `test_wheel.py` checks.
    assert (recipe.requirements.run, recipe.requirements.host) == ([], [])


def test_recipe_with_the_address_of_a_release_is_valid(tmp_path: Path) -> None:
    url = f"https://files.example/{SDIST}.tar.gz"
    assert _read_recipe(_write_for_release(tmp_path, url, "0" * 64)).source.url == url


def test_script_of_the_recipe_makes_the_wheel_for_pages(tmp_path: Path) -> None:
    full, unpacked = wheel.build_wheel(tmp_path), tmp_path / "unpacked"
    with zipfile.ZipFile(full) as file:
        file.extractall(unpacked)
    subprocess.run(["bash", "-ce", _read_recipe().build.post], cwd=unpacked, check=True)
    made = {
        file.relative_to(unpacked).as_posix(): file.read_bytes()
        for file in unpacked.rglob("*")
        if file.is_file() and file.name != "RECORD"
    }
    assert made == _read_wheel(wheel.build_for_pages(tmp_path / "pages")[0])


@pytest.mark.soak
@pytest.mark.parametrize("source", ["path", "url"])
def test_pyodide_build_makes_the_wheel_and_a_lock(source: str, tmp_path: Path) -> None:
    dist, folder, out = tmp_path / "dist", tmp_path / "recipes" / PACKAGE, tmp_path / "out"
    folder.mkdir(parents=True)
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-t", "sdist", "-d", str(dist)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    sdist = dist / f"{SDIST}.tar.gz"
    with serve_environment(dist) as (address, environment):
        if source == "path":
            (folder / "meta.yaml").write_bytes(RECIPE.read_bytes())
            with tarfile.open(sdist) as archive:
                archive.extractall(dist, filter="data")
        else:
            sha256 = hashlib.sha256(sdist.read_bytes()).hexdigest()
            _write_for_release(folder, f"{address}/{sdist.name}", sha256)
        words = ["build-recipes", PACKAGE, "--recipe-dir", "recipes", "--install"]
        done = subprocess.run(
            [sys.executable, "-m", "pyodide_cli", *words, "--install-dir", out],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    [whl] = out.glob("*.whl")
    assert _read_wheel(whl) == _read_wheel(wheel.build_for_pages(tmp_path / "pages")[0])
    row = json.loads((out / LOCK).read_bytes())["packages"][PACKAGE]
    assert row["sha256"] == hashlib.sha256(whl.read_bytes()).hexdigest()
    facts = install_in_pyodide("name", out / LOCK)
    assert (facts["errors"], facts["version"]) == ([], __version__)
