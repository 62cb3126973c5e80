"""Packages contain no secrets, and everything for building and testing them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import pyflickr_web
from compiler.python import wheel
from examples.pyscript import folder
from tests.support.repository import ROOT

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "node_modules", "__pycache__", ".*_cache")
SECRET = "FLICKR_SECRET=not-for-strangers"
SECRETS = (
    ".env", ".env.local", ".envrc", ".netrc", ".npmrc", ".pypirc", ".pyflickr-web-0123456789abcdef",
    ".tmp_x", "cert.pem", "data/me/ia/photos/1.json", "flickr.key", "id_rsa", "id_ed25519.pub",
    "library.db", "token.json", "tokens/10000000@N00.json", "userdata/me/images/original/1.jpg",
)  # fmt: skip
PACKAGES = ("flickr_sandbox", "pyflickr_web")
BUNDLES = {
    "flickrapi.d.mts", "flickrapi.d.ts", "flickrapi.dev.d.mts", "flickrapi.dev.d.ts",
    "flickrapi.dev.js", "flickrapi.dev.js.map", "flickrapi.dev.mjs", "flickrapi.dev.mjs.map",
    "flickrapi.js", "flickrapi.mjs", "manifest.json",
    "pyflickr_web.dev.py", "pyflickr_web.py", "pyflickr_web.pyi",
}  # fmt: skip
FOLDERS = ("", "browser_dist", "compiler", "docs", "examples/pyscript", "examples/sign_in",
           "flickr_sandbox", "pyflickr_web", "pyflickr_web/oauth", "templates", "tests",
           "tests/server")  # fmt: skip


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree with secrets in many folders."""
    copy = tmp_path_factory.mktemp("checkout") / "tree"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    for place in FOLDERS:
        for name in SECRETS:
            file = copy / place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(SECRET)
    return copy


@pytest.fixture(scope="module")
def archives(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the sdist of the copy."""
    out = tmp_path_factory.mktemp("archives")
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-t", "sdist", "-d", str(out)]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wheel, "ROOT", checkout)
        wheel.build_wheel(out)
    return out


@pytest.fixture(scope="module")
def wheel_archive(archives: Path) -> Path:
    """Return the wheel of the copy."""
    return next(archives.glob("*.whl"))


@pytest.fixture(scope="module")
def sdist(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the extracted sdist of the copy."""
    out = tmp_path_factory.mktemp("sdist")
    with tarfile.open(next(archives.glob("*.tar.gz"))) as archive:
        archive.extractall(out, filter="data")
    return next(out.iterdir())


def read_files(place: Path) -> dict[str, bytes]:
    return {
        file.relative_to(place).as_posix(): file.read_bytes()
        for file in place.rglob("*")
        if file.is_file()
    }


def list_git_files(place: Path, *options: str) -> set[str]:
    """List the files in a folder that git knows; skip the test without git or without a checkout."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    output = subprocess.run(
        ["git", "ls-files", *options], cwd=place, check=True, capture_output=True, text=True
    )
    return set(output.stdout.splitlines())


def test_sdist_contains_no_secret(sdist: Path) -> None:
    packed = read_files(sdist)
    assert [name for name, data in packed.items() if data == SECRET.encode()] == []
    assert {name.split("/")[0] for name in packed} == {
        ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "PKG-INFO", "README.md",
        "browser_dist", "compiler", "docs", "examples", "flickr_sandbox", "lint", "package-lock.json",
        "package.json", "playwright.config.py", "pyflickr_web", "pyproject.toml",
        "recipes", "requirements-dev.lock", "templates", "tests",
    }  # fmt: skip


def test_sdist_contains_every_committed_file_of_its_folders(sdist: Path) -> None:
    packed = read_files(sdist)
    folders = {name.split("/")[0] for name in packed if "/" in name}
    committed = {name for name in list_git_files(ROOT) if name.split("/")[0] in folders}
    present = {name for name in committed if (ROOT / name).exists()}
    assert present - packed.keys() == set()


def test_wheel_is_the_same_from_sdist_and_tree(
    sdist: Path, wheel_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels: dict[Path, bytes] = {}
    for place in (ROOT, sdist):
        monkeypatch.setattr(wheel, "ROOT", place)
        out = tmp_path / str(len(wheels))
        out.mkdir()
        wheels[place] = wheel.build_wheel(out).read_bytes()
    assert wheel_archive.read_bytes() == wheels[ROOT]
    assert wheels[sdist] == wheels[ROOT]


def test_wheel_contains_no_secret(wheel_archive: Path) -> None:
    with zipfile.ZipFile(wheel_archive) as packed:
        assert [name for name in packed.namelist() if packed.read(name) == SECRET.encode()] == []
        assert "pyflickr_web/_dist/manifest.json" in packed.namelist()


def test_wheel_contains_only_the_packages_and_the_bundles(wheel_archive: Path) -> None:
    with zipfile.ZipFile(wheel_archive) as packed:
        names = set(packed.namelist())
    details = f"pyflickr_web-{pyflickr_web.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} - {details} <= set(PACKAGES)
    metadata = {name.partition("/")[2] for name in names if name.startswith(f"{details}/")}
    assert metadata == {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}
    bundles = {name for name in names if name.startswith("pyflickr_web/_dist/")}
    assert {Path(name).name for name in bundles} == BUNDLES
    modules = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert {name for name in names - bundles if not name.startswith(details)} == modules


def test_descriptions_of_wheel_and_sdist_are_valid_for_an_index(archives: Path) -> None:
    paths = sorted(str(file) for file in archives.iterdir())
    assert len(paths) == 2
    command = [sys.executable, "-m", "twine", "check", "--strict", *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("PASSED") == 2


def test_wheel_passes_the_check_of_contents(wheel_archive: Path) -> None:
    command = [sys.executable, "-m", "check_wheel_contents", str(wheel_archive)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_sdist_compiles_to_the_committed_outputs(sdist: Path) -> None:
    # Without bytecode, which other tests would find in the folder.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "compiler", "check"]
    subprocess.run(command, cwd=sdist, env=environment, check=True)


def test_npm_package_contains_no_secret(checkout: Path, tmp_path: Path) -> None:
    command = ["npm", "pack", "--dry-run", "--json", "--offline", f"--cache={tmp_path}"]
    done = subprocess.run(
        command, cwd=checkout / "browser_dist", check=True, capture_output=True, text=True
    )
    output = json.loads(done.stdout)
    # Newer versions of npm print an object, by package.
    package = output[0] if isinstance(output, list) else next(iter(output.values()))
    more = {"LICENSE", "README.md", "dev/package.json", "package.json"}
    assert {file["path"] for file in package["files"]} == BUNDLES | more


def test_pyscript_folder_contains_no_secret(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "HERE", checkout / "examples/pyscript")
    monkeypatch.setattr(folder, "find_packages", dict)
    (folder.HERE / "search.env").write_text(SECRET)
    folder.write(tmp_path)
    assert SECRET.encode() not in read_files(tmp_path).values()
    assert {"index.html", "search.html", "search.py", "pyflickr_web.py"} <= read_files(
        tmp_path
    ).keys()


@pytest.mark.parametrize("place", ["", "examples/sign_in"])
def test_git_ignores_secrets(tmp_path: Path, place: str) -> None:
    list_git_files(ROOT)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    # Names that other files may have too are not ignored.
    names = set(SECRETS) - {"library.db", "token.json", "tokens/10000000@N00.json"}
    if place:
        names = {name for name in names if not name.startswith(("data/", "userdata/"))}
    for name in names:
        file = tmp_path / place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(SECRET)
    assert list_git_files(tmp_path, "--others", "--exclude-standard") == {".gitignore"}
