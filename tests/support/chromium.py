"""Find Chromium, or install Debian's: `python -m tests.support.chromium`."""

from __future__ import annotations

import runpy
import sys
from typing import Any

from tests.support.debian import ensure
from tests.support.repository import ROOT

CONFIG = runpy.run_path(str(ROOT / "playwright.config.py"))


def launch_options() -> dict[str, Any]:
    """Return the options with which Playwright launches an installed Chromium."""
    return {
        "executable_path": CONFIG["find_chromium"](),
        "args": CONFIG["LAUNCH_ARGS"],
        "headless": CONFIG["HEADLESS"],
    }


def main() -> int:
    """Install Chromium if it is missing; print advice and return 1 if that fails."""
    advice = "no Chromium: install Debian's `chromium`, or set CHROMIUM to the path of one"
    return ensure(CONFIG["find_chromium"], "chromium", advice)


if __name__ == "__main__":
    sys.exit(main())
