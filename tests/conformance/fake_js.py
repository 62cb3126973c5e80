"""A fake module `js` for CPython, with a scripted `fetch`."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Generator
from types import SimpleNamespace, coroutine
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

Answer = dict[str, Any]


def text_of(answer: Answer) -> str:
    """Return the text of a scripted answer; `deep` is a number of nested lists."""
    if deep := answer.get("deep"):
        return f'{{"stat":"fail","code":1,"message":{"[" * deep}{"]" * deep}}}'
    return json.dumps(answer["json"]) if "json" in answer else str(answer.get("body", ""))


@coroutine
def _turn() -> Generator[None, None, None]:
    """Let the event loop handle a cancellation."""
    yield


class FormData(dict[str, Any]):
    append = dict.__setitem__


class URLSearchParams(FormData):
    def toString(self) -> str:
        return urlencode(self)


class Script:
    """The remaining answers, and a record of requests and warnings."""

    def __init__(self, answers: list[Answer], on_request: Callable[[], None]) -> None:
        self.answers = answers
        self.on_request = on_request
        self.requests: list[dict[str, Any]] = []
        self.warnings: list[str] = []
        self.ended = False

    def module(self) -> SimpleNamespace:
        """Return the fake module."""

        def make_class(maker: Callable[..., Any]) -> SimpleNamespace:
            return SimpleNamespace(new=maker)

        return SimpleNamespace(
            AbortController=make_class(lambda: SimpleNamespace(signal=None, abort=self._end)),
            Array=SimpleNamespace(of=lambda item: [item]),
            Blob=make_class(lambda parts: SimpleNamespace(text=bytes(parts[0]).decode())),
            FormData=make_class(FormData),
            JSON=SimpleNamespace(parse=json.loads, stringify=json.dumps),
            Math=random,
            Object=make_class(SimpleNamespace),
            URLSearchParams=make_class(URLSearchParams),
            Uint8Array=make_class(bytes),
            console=SimpleNamespace(warn=self.warnings.append),
            fetch=self.fetch,
        )

    def _end(self) -> None:
        self.ended = True

    async def fetch(self, url: str, init: SimpleNamespace) -> SimpleNamespace:
        self.requests.append(_to_record(url, init))
        self.on_request()
        await _turn()
        if not self.answers or self.answers[0].get("dropped"):
            self.answers[:1] = []
            raise OSError("no answer")
        answer = self.answers.pop(0)
        text = text_of(answer)

        async def read() -> str:
            if answer.get("broken"):
                raise OSError("terminated")
            return str(text)

        headers = answer.get("headers", {})
        return SimpleNamespace(status=answer.get("status", 200), headers=headers, text=read)


def _to_record(url: str, init: SimpleNamespace) -> dict[str, Any]:
    parts = urlsplit(url)
    facts: dict[str, Any] = {"verb": getattr(init, "method", "GET"), "url": url.partition("?")[0]}
    if parts.query:
        facts["query"] = dict(parse_qsl(parts.query, keep_blank_values=True))
    if hasattr(init, "headers"):
        facts["headers"] = init.headers
    body = getattr(init, "body", None)
    if isinstance(body, FormData):
        facts["form"] = {
            name: value if isinstance(value, str) else {"$file": value.text}
            for name, value in body.items()
        }
    elif body:
        facts["json"] = json.loads(body)
    return facts
