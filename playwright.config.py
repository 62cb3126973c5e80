"""The settings with which tests and benchmarks start Chromium, and the path of the program.

`tests/conftest.py` passes them to pytest-playwright.
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
    # Pages cannot load anything from other machines.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of Chromium: from CHROMIUM, on PATH, or downloaded by Playwright."""
    if path := os.environ.get("CHROMIUM"):
        return path
    for name in NAMES:
        if found := shutil.which(name):
            return found
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    downloads = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(downloads[-1]) if downloads else None
