"""A person with a browser, who answers the sandbox's consent page."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import requests

from tests.support.oauth_client import code_in, fields_of

TIMEOUT = 20


@dataclass
class Visitor:
    """Presses `answer` on every page that is opened; `code` is what the last page showed.

    Where the page sends the browser back to an address, it goes there, in a thread of its own as a
    browser would.
    """

    answer: str = "allow"
    there: bool = True
    code: str = ""
    opened: list[str] = field(default_factory=list)
    shown: list[requests.Response] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def open(self, url: str) -> bool:
        """Stands in for `webbrowser.open`."""
        self.opened.append(url)
        if not self.there:
            return False
        where = self.press(url)
        if where.startswith("http"):
            thread = threading.Thread(target=self._visit, args=(where,))
            # Who waits for it may know of it as soon as it runs.
            self.threads.append(thread)
            thread.start()
        return True

    def press(self, url: str) -> str:
        """Answer a consent page; where it leads, or the page that follows."""
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
        """Wait for what the browser is doing."""
        for thread in self.threads:
            thread.join()
