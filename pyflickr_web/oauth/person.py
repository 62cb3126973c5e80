"""Asks the person at the terminal to say yes in a browser, and for the code that Flickr shows."""

from __future__ import annotations

import sys
import webbrowser
from dataclasses import dataclass

from pyflickr_web.errors import LoginError


@dataclass(frozen=True, slots=True)
class Ask:
    """The effect of asking: `url` is the page to say yes on; its result is what the person typed."""

    url: str
    browser: bool

    def perform(self) -> str:
        """Wait for the person. Raises `LoginError` where there is nobody to answer."""
        opened = self.browser and webbrowser.open(self.url)
        print(f"{'Say yes in your browser' if opened else 'Open this address'}: {self.url}")
        try:
            return input("Then type the code that Flickr shows (123-456-789): ")
        except EOFError:
            raise LoginError("nobody typed a code: sign in with `pyflickr-web login`") from None


def is_there() -> bool:
    """Whether somebody can type an answer."""
    return sys.stdin is not None and sys.stdin.isatty()
