"""Effects that ask the person at the machine to say yes."""

from __future__ import annotations

import sys
import webbrowser
from dataclasses import dataclass, field
from threading import Thread

from pyflickr_web.core.flow import BlockingEffect
from pyflickr_web.errors import LoginError
from pyflickr_web.oauth.loopback import Loopback

BROWSER_TIMEOUT = 300.0
"""Seconds to wait for a browser to come back."""


@dataclass(frozen=True, slots=True)
class AskForCode(BlockingEffect):
    """Shows `url`, in a browser where `browser` allows it, and reads the code that Flickr shows."""

    url: str
    browser: bool = True

    def perform(self) -> str:
        _show(self.url, self.browser)
        if self.browser:
            webbrowser.open(self.url)
        try:
            return input("Then type the code that Flickr shows (123-456-789): ")
        except EOFError:
            raise LoginError("nobody typed a code: sign in with `pyflickr-web login`") from None


@dataclass(frozen=True, slots=True)
class AskInBrowser(BlockingEffect):
    """Opens `url`, where `browser` allows it, and waits until the browser comes back; the answer is what
    it brings.

    None where there is no browser to open.
    """

    url: str
    token: str = field(repr=False)
    listener: Loopback
    browser: bool = True
    timeout: float = BROWSER_TIMEOUT

    def perform(self) -> dict[str, str] | None:
        _show(self.url, self.browser)
        if not self.browser:
            return self.listener.wait(self.token, self.timeout)
        opened: list[bool] = []
        # A browser in the terminal is open until the person leaves it.
        Thread(target=lambda: opened.append(webbrowser.open(self.url)), daemon=True).start()
        return self.listener.wait(self.token, self.timeout, lambda: opened == [False])


def stdin_is_interactive() -> bool:
    """Return True if somebody can type an answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def _show(url: str, browser: bool) -> None:
    text = "Say yes in your browser" if browser else "Open this address and say yes"
    print(f"{text}: {url}", file=sys.stderr)
