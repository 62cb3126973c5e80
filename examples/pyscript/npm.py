"""The npm packages of the pages, PyScript and MicroPython: find them, or install them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = ROOT / "package-lock.json"
# A checkout for development has all packages here.
MODULES = ROOT / "node_modules"
# The second folder has only the packages of the pages.
PLACES = (MODULES, Path(__file__).parent / "node_modules")
# The pages' names for the packages, and the folders that they need.
PACKAGES = {
    "core": "@pyscript/core",
    "micropython": "@micropython/micropython-webassembly-pyscript",
}
SUBFOLDERS = {"core": "dist"}


class NotInstalledError(Exception):
    """An npm package of the pages is missing: the reason, and what to do, in one line."""


def find_packages() -> dict[str, Path]:
    """Return the folders of PyScript and MicroPython, and install both if one is missing.

    Raises `NotInstalledError` if that fails.
    """
    found = _find_all()
    if found is None:
        _install(PLACES[-1].parent)
        found = _find_all()
    if found is None:
        raise NotInstalledError(f"npm installed no complete packages to {PLACES[-1]}: delete it")
    return found


def _find_all() -> dict[str, Path] | None:
    for place in PLACES:
        found = {
            name: place / package / SUBFOLDERS.get(name, "") for name, package in PACKAGES.items()
        }
        if all(folder.is_dir() for folder in found.values()):
            return found
    return None


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstalledError(
            "PyScript is missing, and npm, which installs it: install Node 20 or newer"
        )
    print("Installing PyScript and MicroPython with npm …", flush=True)
    locked = json.loads(LOCK.read_text("utf-8"))["packages"]
    versions = [
        f"{package}@{locked[f'node_modules/{package}']['version']}" for package in PACKAGES.values()
    ]
    options = ["--prefix", str(folder), "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
    done = subprocess.run(
        [npm, "install", *options, *versions], capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip() or "no message").splitlines()[0]
        raise NotInstalledError(f"npm cannot install {' '.join(versions)}: {reason}")
