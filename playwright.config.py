"""Settings with which tests and benchmarks open Chromium, and the program itself.

`tests/conftest.py` hands them to pytest-playwright.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

HEADLESS = True
LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that needs anything from outside of this machine fails.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the program's path: named by CHROMIUM, on PATH, or as Playwright's own download."""
    if named := os.environ.get("CHROMIUM"):
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    downloads = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(downloads[-1]) if downloads else None
