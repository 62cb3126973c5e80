"""A client of a proxy, without code of the package, that scans every answer for secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from xml.etree import ElementTree

import requests

from tests.support.timeouts import TIMEOUT

HIDDEN = ("api_key", "secret", "access_token", "access_token_secret")
FORM = "application/x-www-form-urlencoded"


class Caller:
    """Calls the proxy at `url`; `hidden` are texts that must not occur in an answer."""

    def __init__(self, url: str, hidden: list[str]) -> None:
        self.url = url
        self.hidden = [*hidden, "oauth_signature", "Traceback"]
        self.session = requests.Session()

    @classmethod
    @contextmanager
    def of(cls, server: AbstractContextManager[str], options: dict[str, Any]) -> Iterator[Caller]:
        with server as url:
            hidden = [options[name] for name in HIDDEN if len(options.get(name) or "") > 6]
            caller = cls(url, hidden)
            with caller.session:
                yield caller

    def ask(self, verb: str = "POST", path: str = "", **more: Any) -> requests.Response:
        """Send a request, with the arguments of `requests.request`, and return the answer."""
        answer = self.session.request(
            verb, self.url + path, timeout=TIMEOUT, allow_redirects=False, **more
        )
        self.scan(answer)
        return answer

    def call(self, method: str, **arguments: Any) -> requests.Response:
        """Send a call in JSON, as a page does, and return the answer."""
        return self.ask(json={"method": method, **arguments})

    def wearing(self, **headers: str) -> Caller:
        """Set the headers of each request, with `_` for `-`, and return the caller."""
        self.session.headers = {name.replace("_", "-"): text for name, text in headers.items()}
        return self

    def post(self, body: bytes | str, kind: str = "application/json", **headers: str) -> Any:
        """Send a body by POST, and return the answer."""
        return self.ask(data=body, headers={"Content-Type": kind, **headers})

    def scan(self, answer: requests.Response) -> None:
        content = answer.content + repr(dict(answer.headers)).encode()
        for text in self.hidden:
            assert text.encode() not in content, "a secret was sent"


def refusal(answer: requests.Response) -> tuple[int, int]:
    """Return status and code of the proxy's own refusal, in JSON or XML."""
    if answer.headers["Content-Type"].startswith("text/xml"):
        response = ElementTree.fromstring(answer.content)
        assert response.get("stat") == "fail"
        assert response[0].get("msg")
        return answer.status_code, int(response[0].get("code") or "")
    content = json.loads(answer.content)
    assert content["stat"] == "fail"
    assert content["message"]
    assert answer.headers["Content-Type"] == "application/json"
    return answer.status_code, content["code"]
