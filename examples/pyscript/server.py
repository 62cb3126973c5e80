"""Serve a plain folder, with a sandbox for Flickr and a proxy for the pages in it."""

from __future__ import annotations

from pathlib import Path

from examples.demo.server import Handler


def handler(folder: Path) -> type[Handler]:
    """Return a request handler for the files of a folder, which must contain no secrets."""
    files = {f"/{file.relative_to(folder).as_posix()}": file for file in folder.rglob("*.*")}
    return type("Pages", (Handler,), {"pages": files | {"/": folder / "index.html"}, "policy": {}})
