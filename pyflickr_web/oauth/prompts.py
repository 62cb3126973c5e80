"""Effects that ask the user at the terminal to authorize the application."""

from __future__ import annotations

import sys
import webbrowser
from dataclasses import dataclass, field
from threading import Thread

from pyflickr_web.oauth.loopback import Loopback
from pyflickr_web.transports.blocking import WaitingEffect
from pyflickr_web.transports.errors import LoginError

CODE_PROMPT = "Then type the code that Flickr shows (123-456-789): "
BROWSER_TIMEOUT = 300.0
"""Seconds to wait for the browser's callback."""


@dataclass(frozen=True, slots=True)
class AskForCode(WaitingEffect):
    """Shows `url`, opens it if `browser` is True, and reads the code that Flickr shows."""

    url: str
    browser: bool = True

    def perform(self) -> str:
        _show(self.url, self.browser)
        if self.browser:
            webbrowser.open(self.url)
        # Standard output may be a file or a pipe, for the results of a command.
        print(CODE_PROMPT, end="", file=sys.stderr, flush=True)
        try:
            return input()
        except EOFError:
            print(file=sys.stderr)
            raise LoginError("no code was typed: sign in with `pyflickr-web login`") from None


@dataclass(frozen=True, slots=True)
class AskInBrowser(WaitingEffect):
    """Shows `url`, opens it if `browser` is True, and waits for the callback.

    The result is a mapping of the callback's parameters; None if no browser can be opened.
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
        # A browser in the terminal blocks until the user quits it.
        Thread(target=lambda: opened.append(webbrowser.open(self.url)), daemon=True).start()
        return self.listener.wait(self.token, self.timeout, lambda: opened == [False])


def stdin_is_interactive() -> bool:
    """Return True if standard input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def _show(url: str, browser: bool) -> None:
    text = "Allow access in your browser" if browser else "Open this address and allow access"
    print(f"{text}: {url}", file=sys.stderr)
