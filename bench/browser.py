"""Launch Chromium with the settings of `playwright.config.py`."""

from __future__ import annotations

import runpy

from playwright.sync_api import Browser, Playwright

from bench import ROOT

_CONFIG = runpy.run_path(str(ROOT / "playwright.config.py"))


def launch(playwright: Playwright) -> Browser:
    """Launch Chromium."""
    return playwright.chromium.launch(
        executable_path=_CONFIG["find_chromium"](), args=_CONFIG["LAUNCH_ARGS"]
    )
