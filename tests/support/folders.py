"""Serve the files of folders, to pages of any origin."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


class Folders:
    """A WSGI application that serves the files of folders, without subfolders; the first found.

    The path before the name has no meaning. An empty name is an empty page. `requested` lists all names.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self.requested: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        name = environ["PATH_INFO"].rpartition("/")[2]
        self.requested.append(name)
        found = [folder / name for folder in self._folders if name and (folder / name).is_file()]
        kind = "text/javascript" if name.endswith("js") else mimetypes.guess_type(name)[0]
        headers = [
            ("Access-Control-Allow-Origin", "*"),
            ("Content-Type", kind or "application/octet-stream" if name else "text/html"),
        ]
        start("200 OK" if found or not name else "404 Not Found", headers)
        return [found[0].read_bytes() if found else b""]
