"""A site whose pages run the client in PyScript: with vectors, to call, or to upload."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from compiler.python.wheel import build_for_pages
from examples.demo.server import Demo, Handler
from examples.pyscript.npm import MODULES
from examples.pyscript.server import ISOLATED, handler, list_folder
from flickr_sandbox import Sandbox
from tests.support.repository import ROOT
from tests.support.vectors import HERE as CONFORMANCE
from tests.support.vectors import vectors

PAGES = Path(__file__).parent / "pages"
INTERPRETERS = {"mpy": "/micropython/micropython.mjs", "py": "/pyodide/pyodide.mjs"}
EDITIONS = {"production": "pyflickr_web.py", "dev": "pyflickr_web.dev.py"}
# The raw bodies of uploads.
UPLOADS: list[bytes] = []


def _list_files(wheel_folder: Path) -> dict[str, Path]:
    """Return the files that the vectors need, by their paths on the site."""
    files = {
        f"/{room}/{file.name}": file
        for room, source in {"pyodide": MODULES / "pyodide", "dist": ROOT / "browser_dist"}.items()
        for file in source.iterdir()
    }
    if sys.version_info >= (3, 12):
        parts = [*(MODULES / "pyodide").iterdir(), *build_for_pages(wheel_folder)]
        files |= {f"/wheel/{part.name}": part for part in parts}
    files |= {"/runner.mjs": CONFORMANCE / "runner.mjs", "/perform.py": CONFORMANCE / "perform.py"}
    return files | {f"/{name}": PAGES / name for name in ("vectors.py", "calls.py", "upload.py")}


@contextmanager
def open_lab(sandbox: Sandbox, folder: Path, wheel_folder: Path) -> Iterator[Demo]:
    """Serve the folder of the examples with the pages `/lab/KIND/THREAD/EDITION[/SCRIPT]`."""
    example_handler = handler(list_folder(folder))

    class Lab(Handler):
        pages = example_handler.pages | _list_files(wheel_folder)
        policy = ISOLATED

        def do_POST(self) -> None:
            if self.path != "/services/rest/upload":
                return super().do_POST()
            UPLOADS.append(self.rfile.read(int(self.headers["Content-Length"])))
            answer = {"stat": "ok", "photoid": str(len(UPLOADS))}
            self._send(200, "application/json", json.dumps(answer).encode())

        def do_GET(self) -> None:
            if self.path.startswith("/vectors/"):
                found = vectors(self.path.removeprefix("/vectors/"), "python")
                return self._send(200, "application/json", json.dumps(found).encode())
            if self.path.startswith("/lab/"):
                page = _lab_page(*self.path.removeprefix("/lab/").split("/"))
                return self._send(200, "text/html; charset=utf-8", page.encode())
            super().do_GET()

    with Demo(sandbox, handler=Lab) as demo:
        yield demo


def _lab_page(kind: str, thread: str, edition: str, script: str = "vectors") -> str:
    config: dict[str, Any] = {"edition": edition}
    if edition == "wheel":
        # The interpreter loads the wheel and its lock file from its own folder.
        config |= {"interpreter": "/wheel/pyodide.mjs", "packages": ["pyflickr-web"]}
        config |= {"packages_cache": "passthrough"}
    else:
        files = {f"/dist/{EDITIONS[edition]}": "pyflickr_web.py", "/perform.py": ""}
        config |= {"interpreter": INTERPRETERS[kind], "files": files}
    worker = " worker" * (thread == "worker")
    return (
        '<!doctype html><title>t</title><script type="module" src="/core/core.js"></script>'
        f'<script type="{kind}"{worker} src="/{script}.py" config=\'{json.dumps(config)}\'></script>'
    )
