"""Find Firefox and WebKit, or install Debian's: `python -m tests.support.engines.browsers`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.support.debian import ensure

HERE = Path(__file__).parent
# Nothing listens there: a browser that asks for other machines gets no answer.
PROXY = "127.0.0.1:9"
ADVICE = "install Debian's package, or run `make engines` as root"


def find_firefox() -> str | None:
    """Return the path of Firefox: from FIREFOX, or on PATH."""
    names = ("firefox-esr", "firefox")
    return os.environ.get("FIREFOX") or next(filter(None, map(shutil.which, names)), None)


def find_webkit() -> str | None:
    """Return the path of WebKitGTK's WebDriver, which knows its browser."""
    return shutil.which("WebKitWebDriver")


def find_xvfb() -> str | None:
    """Return the path of the virtual display, which WebKit needs."""
    return shutil.which("Xvfb")


def find_driver(name: str) -> list[str | Path] | None:
    """Return the command of the driver of `firefox` or `webkit`, or None if a program is missing."""
    if name == "firefox":
        firefox = find_firefox()
        return ["node", HERE / "firefox.mjs", firefox, PROXY] if firefox else None
    webdriver, xvfb = find_webkit(), find_xvfb()
    if not (webdriver and xvfb):
        return None
    return [sys.executable, HERE / "webkit.py", webdriver, xvfb, PROXY]


def main() -> int:
    """Install the browsers that are missing; print advice and return 1 if that fails."""
    finders = {"firefox-esr": find_firefox, "webkit2gtk-driver": find_webkit, "xvfb": find_xvfb}
    return max(
        ensure(find, package, f"no {package}: {ADVICE}") for package, find in finders.items()
    )


if __name__ == "__main__":
    sys.exit(main())
