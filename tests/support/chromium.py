"""Find Chromium, or install Debian's: `python -m tests.support.chromium`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.support.debian import ensure

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The program: named by CHROMIUM, on PATH, or as Playwright's own download."""
    if named := os.environ.get("CHROMIUM"):
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    downloads = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(downloads[-1]) if downloads else None


def main() -> int:
    """Make sure that there is one; 1 with one line of advice where there cannot be."""
    advice = "no Chromium: install Debian's `chromium`, or set CHROMIUM to the path of one"
    return ensure(find, "chromium", advice)


if __name__ == "__main__":
    sys.exit(main())
