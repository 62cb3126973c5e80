"""What the page's client uses of JavaScript, for CPython: `js`, with a scripted `fetch`."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Generator
from types import SimpleNamespace, coroutine
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

Answer = dict[str, Any]


def text_of(answer: Answer) -> str:
    """The text of a scripted answer; `deep` ones have lists in lists."""
    if deep := answer.get("deep"):
        return f'{{"stat":"fail","code":1,"message":{"[" * deep}{"]" * deep}}}'
    return json.dumps(answer["json"]) if "json" in answer else str(answer.get("body", ""))


@coroutine
def _turn() -> Generator[None, None, None]:
    """Let the event loop see to a cancellation."""
    yield


class FormData(dict[str, Any]):
    append = dict.__setitem__


class URLSearchParams(FormData):
    def toString(self) -> str:
        return urlencode(self)


class Script:
    """The answers still to be given, and what was asked and warned of."""

    def __init__(self, answers: list[Answer], on_request: Callable[[], None]) -> None:
        self.answers = answers
        self.on_request = on_request
        self.requests: list[dict[str, Any]] = []
        self.warnings: list[str] = []
        self.ended = False

    def module(self) -> SimpleNamespace:
        """What stands in for the module `js`."""

        def made(maker: Callable[..., Any]) -> SimpleNamespace:
            return SimpleNamespace(new=maker)

        return SimpleNamespace(
            AbortController=made(lambda: SimpleNamespace(signal=None, abort=self._end)),
            Array=SimpleNamespace(of=lambda item: [item]),
            Blob=made(lambda parts: SimpleNamespace(text=bytes(parts[0]).decode())),
            FormData=made(FormData),
            JSON=SimpleNamespace(parse=json.loads, stringify=json.dumps),
            Math=random,
            Object=made(SimpleNamespace),
            URLSearchParams=made(URLSearchParams),
            Uint8Array=made(bytes),
            console=SimpleNamespace(warn=self.warnings.append),
            fetch=self.fetch,
        )

    def _end(self) -> None:
        self.ended = True

    async def fetch(self, url: str, init: SimpleNamespace) -> SimpleNamespace:
        self.requests.append(_seen(url, init))
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


def _seen(url: str, init: SimpleNamespace) -> dict[str, Any]:
    parts = urlsplit(url)
    seen: dict[str, Any] = {"verb": getattr(init, "method", "GET"), "url": url.partition("?")[0]}
    if parts.query:
        seen["query"] = dict(parse_qsl(parts.query, keep_blank_values=True))
    if hasattr(init, "headers"):
        seen["headers"] = init.headers
    body = getattr(init, "body", None)
    if isinstance(body, FormData):
        seen["form"] = {
            name: value if isinstance(value, str) else {"$file": value.text}
            for name, value in body.items()
        }
    elif body:
        seen["json"] = json.loads(body)
    return seen
