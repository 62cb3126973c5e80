"""A client of a proxy, with nothing of ours; it looks for secrets in every byte that comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from xml.etree import ElementTree

import requests

TIMEOUT = 20
HIDDEN = ("api_key", "secret", "access_token", "access_token_secret")
FORM = "application/x-www-form-urlencoded"


class Caller:
    """Calls the proxy at `url`; `hidden` are texts that no answer may hold."""

    def __init__(self, url: str, hidden: list[str]) -> None:
        self.url = url
        self.hidden = [*hidden, "oauth_signature", "Traceback"]
        self.session = requests.Session()

    @classmethod
    @contextmanager
    def of(cls, served: AbstractContextManager[str], options: dict[str, Any]) -> Iterator[Caller]:
        with served as url:
            hidden = [options[name] for name in HIDDEN if len(options.get(name) or "") > 6]
            caller = cls(url, hidden)
            with caller.session:
                yield caller

    def ask(self, verb: str = "POST", path: str = "", **more: Any) -> requests.Response:
        """The answer to a request as `requests.request` takes it."""
        answer = self.session.request(
            verb, self.url + path, timeout=TIMEOUT, allow_redirects=False, **more
        )
        self.scan(answer)
        return answer

    def call(self, method: str, **arguments: Any) -> requests.Response:
        """The answer to a call in JSON, as a page makes it."""
        return self.ask(json={"method": method, **arguments})

    def wearing(self, **headers: str) -> Caller:
        """The same caller with these headers in each request; `_` stands for `-`."""
        self.session.headers = {name.replace("_", "-"): text for name, text in headers.items()}
        return self

    def post(self, body: bytes | str, kind: str = "application/json", **headers: str) -> Any:
        """The answer to a POST of a body as it is."""
        return self.ask(data=body, headers={"Content-Type": kind, **headers})

    def scan(self, answer: requests.Response) -> None:
        heard = answer.content + repr(dict(answer.headers)).encode()
        for text in self.hidden:
            assert text.encode() not in heard, "a secret has left"


def refusal(answer: requests.Response) -> tuple[int, int]:
    """Status and code of what the proxy itself refuses, in JSON or XML."""
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
