"""Run pages with a minified or bundled client in Node, and read their reports."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.support.repository import ROOT

PROGRAMS = ROOT / "tests/bundlers"
# The report of the code in page.mjs.
EXPECTED = {
    "ids": ["of page 1", "of page 2"],
    "error": {"code": 1, "name": "FlickrError", "method": "flickr.photos.getInfo", "known": True},
    "refused": "flickr.photos.delete needs signing: a page must hold no secret; use a proxy, "
    "new Flickr({ endpoint })",
    "name": "Flickr",
    "members": True,
    "methods": 223,
    "url": "https://live.staticflickr.com/2/1_3_b.jpg",
}


def run(program: str, tool: str, folder: Path) -> dict[str, Any]:
    """Run a program of `tests/bundlers`; return its reports by name, of errors their texts."""
    done = subprocess.run(
        ["node", str(PROGRAMS / program), tool, str(folder)], stdout=subprocess.PIPE, check=True
    )
    reports: dict[str, Any] = json.loads(done.stdout)
    return reports
