"""Pack the npm package of the bundles as for publication, and install it into a folder."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

from tests.support.repository import ROOT

NAME = "flickrapi-web"


def find_tool(name: str) -> str:
    """Return the path of a program of the repository's `node_modules`."""
    return str(ROOT / "node_modules" / ".bin" / name)


def pack(folder: Path) -> Path:
    """Pack the package into a folder; return its tarball."""
    command = ["npm", "pack", "--offline", "--silent", f"--cache={folder / 'cache'}"]
    place = f"--pack-destination={folder}"
    subprocess.run([*command, place], cwd=ROOT / "browser_dist", check=True, capture_output=True)
    return next(folder.glob("*.tgz"))


def install(folder: Path) -> Path:
    """Install the package into the `node_modules` of a folder; return the package's own folder."""
    modules = folder / "node_modules"
    modules.mkdir(exist_ok=True)
    with tarfile.open(pack(folder)) as archive:
        archive.extractall(modules, filter="data")
    return (modules / "package").rename(modules / NAME)
