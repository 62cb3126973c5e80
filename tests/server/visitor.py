"""A user with a browser, who answers the sandbox's consent page."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import requests

from tests.support.oauth_client import code_in, fields_of
from tests.support.timeouts import TIMEOUT


@dataclass
class Visitor:
    """Presses the button `answer` on every opened page; `code` is the last code on a page.

    Redirects are followed in a thread of their own, as in a browser.
    """

    answer: str = "allow"
    there: bool = True
    code: str = ""
    opened: list[str] = field(default_factory=list)
    shown: list[requests.Response] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def open(self, url: str) -> bool:
        """Replace `webbrowser.open`."""
        self.opened.append(url)
        if not self.there:
            return False
        where = self.press(url)
        if where.startswith("http"):
            thread = threading.Thread(target=self._visit, args=(where,))
            # Added before it starts, so that `leave` waits for it.
            self.threads.append(thread)
            thread.start()
        return True

    def press(self, url: str) -> str:
        """Answer a consent page; return the redirect, or the text of the next page."""
        page = requests.get(url, timeout=TIMEOUT)
        fields = fields_of(page.text) | {"answer": self.answer}
        response = requests.post(
            url.partition("?")[0], fields, timeout=TIMEOUT, allow_redirects=False
        )
        if self.answer == "allow" and "Location" not in response.headers:
            self.code = code_in(response.text)
        return response.headers.get("Location", response.text)

    def _visit(self, url: str) -> None:
        self.shown.append(requests.get(url, timeout=TIMEOUT))

    def leave(self) -> None:
        """Wait for the browser's requests."""
        for thread in self.threads:
            thread.join()
