"""The example pages as a plain folder of files, for any web server."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MODULES = ROOT / "node_modules"
PAGES = ("index", "search", "token_only", "scroll")
PARTS = {
    "core": MODULES / "@pyscript" / "core" / "dist",
    "micropython": MODULES / "@micropython" / "micropython-webassembly-pyscript",
}


class NotInstalledError(Exception):
    """An npm package of the pages is missing: its folder, and what to do, in one line."""


def write(folder: Path) -> None:
    """Write the pages, the client, PyScript and MicroPython to `folder`; nothing else is needed.

    Raises `NotInstalledError` if PyScript or MicroPython is missing.
    """
    for name, part in PARTS.items():
        if not part.is_dir():
            raise NotInstalledError(f"{part} is missing: run `npm ci` first")
        shutil.copytree(part, folder / name, dirs_exist_ok=True, ignore=_files_to_skip)
    for page in PAGES:
        for file in (HERE / f"{page}.html", HERE / f"{page}.py"):
            if file.exists():
                shutil.copy(file, folder)
    for shared in ("style.css", "gallery.py"):
        shutil.copy(HERE / shared, folder)
    shutil.copy(ROOT / "browser_dist" / "pyflickr_web.py", folder)


def _files_to_skip(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith((".map", ".md", ".d.ts")) or "ulab" in name]
