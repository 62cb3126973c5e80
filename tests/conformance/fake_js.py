"""A fake module `js` for CPython, with a scripted `fetch`."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Generator
from contextlib import suppress
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


class JsException(Exception):
    """An error of JavaScript, by its name there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: …")
        self.name = name
        self.stack = "a stack"


class Signal(SimpleNamespace):
    """An AbortSignal that follows others; with a timeout, requests without an answer end."""

    def __init__(self, *followed: Signal, has_timeout: bool = False) -> None:
        super().__init__(onabort=None, reason=None)
        self.followers: list[Signal] = []
        self.aborted: bool = any(signal.aborted for signal in followed)
        self.has_timeout: bool = has_timeout or any(signal.has_timeout for signal in followed)
        self.reason: Exception = JsException("AbortError")
        for signal in followed:
            signal.followers.append(self)

    def abort(self, reason: Exception | None = None) -> Signal:
        self.aborted = True
        self.reason = reason or self.reason
        if self.onabort:
            self.onabort(None)
        for follower in self.followers:
            follower.abort(reason)
        return self


class Controller:
    """An AbortController."""

    def __init__(self) -> None:
        self.signal = Signal()

    def abort(self, reason: Exception | None = None) -> None:
        self.signal.abort(reason)


class UploadRequest(SimpleNamespace):
    """An XMLHttpRequest that sends by fetch, and reports progress at half and at all of four bytes."""

    def __init__(self, fetch: Callable[..., Any]) -> None:
        super().__init__(upload=SimpleNamespace(), headers={}, fetch=fetch, signal=Signal())

    def open(self, method: str, url: str) -> None:
        self.method, self.url = method, url

    def setRequestHeader(self, name: str, value: str) -> None:
        self.headers[name] = value

    def send(self, body: Any) -> None:
        self.task = asyncio.ensure_future(self._send(body))

    def abort(self) -> None:
        self.signal.abort()

    async def _send(self, body: Any) -> None:
        init = SimpleNamespace(method=self.method, headers=self.headers, body=body)
        init.signal = self.signal
        if self.withCredentials:
            init.credentials = "include"
        self.status, self.responseText = 0, ""
        with suppress(Exception):
            answer = await self.fetch(self.url, init)
            self.status, self.responseText = answer.status, await answer.text()
            for loaded in (2, 4):
                self.upload.onprogress(SimpleNamespace(loaded=loaded, total=4))
        self.onloadend(None)


async def _promise(start: Callable[..., None]) -> None:
    """Wait for the end of a promise, which a rejection ends, too."""
    settled = asyncio.Event()
    start(lambda _: settled.set(), lambda _: settled.set())
    await settled.wait()


async def _all_settled(promises: list[Any]) -> list[SimpleNamespace]:
    outcomes = await asyncio.gather(*promises, return_exceptions=True)
    return [
        SimpleNamespace(status="rejected", reason=outcome)
        if isinstance(outcome, Exception)
        else SimpleNamespace(status="fulfilled", value=outcome)
        for outcome in outcomes
    ]


async def _reject(error: Exception) -> None:
    raise error


class Array(list[Any]):
    def map(self, function: Callable[..., Any]) -> Array:
        return Array(map(function, self))


class Function:
    """A function of JavaScript, which ignores more arguments than it has."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *values: Any) -> Any:
        return self.function(*values)

    def bind(self, this: Any, *values: Any) -> Callable[..., Any]:
        return lambda *_: self.function(*values)


class Script:
    """The remaining answers, and a record of requests and warnings."""

    def __init__(self, answers: list[Answer], on_request: Callable[[], None]) -> None:
        self.answers = answers
        self.on_request = on_request
        self.requests: list[dict[str, Any]] = []
        self.warnings: list[str] = []
        self.signals: list[Signal] = []

    @property
    def has_ended(self) -> bool:
        """Return True if a request was aborted."""
        return any(signal.aborted for signal in self.signals)

    def module(self) -> SimpleNamespace:
        """Return the fake module."""

        def make_class(maker: Callable[..., Any]) -> SimpleNamespace:
            return SimpleNamespace(new=maker)

        return SimpleNamespace(
            AbortController=make_class(Controller),
            AbortSignal=SimpleNamespace(
                abort=lambda: Signal().abort(),
                any=lambda signals: Signal(*signals),
                timeout=lambda _: Signal(has_timeout=True),
            ),
            Array=SimpleNamespace(of=lambda *items: Array(items)),
            Blob=make_class(lambda parts: SimpleNamespace(text=bytes(parts[0]).decode())),
            FormData=make_class(FormData),
            JSON=SimpleNamespace(parse=_parse, stringify=json.dumps),
            Math=random,
            Object=SimpleNamespace(new=SimpleNamespace, keys=list),
            Promise=SimpleNamespace(new=_promise, allSettled=_all_settled, reject=_reject),
            URLSearchParams=make_class(URLSearchParams),
            XMLHttpRequest=make_class(lambda: UploadRequest(self.fetch)),
            Uint8Array=make_class(bytes),
            console=SimpleNamespace(warn=self.warnings.append),
            fetch=Function(self.fetch),
        )

    async def fetch(self, url: str, init: SimpleNamespace) -> SimpleNamespace:
        self.signals.append(init.signal)
        if init.signal.aborted:
            raise JsException("AbortError")
        self.requests.append(_to_record(url, init))
        self.on_request()
        await _turn()
        if init.signal.aborted:
            raise JsException("AbortError")
        if not self.answers or self.answers[0].get("dropped"):
            self.answers[:1] = []
            raise JsException("TypeError")
        answer = self.answers.pop(0)
        if answer.get("hangs"):
            assert init.signal.has_timeout
            raise JsException("TimeoutError")
        text = text_of(answer)

        async def read() -> str:
            if answer.get("broken"):
                raise JsException("TypeError")
            return str(text)

        headers = answer.get("headers", {})
        return SimpleNamespace(
            status=answer.get("status", 200), headers=headers, text=Function(read)
        )


class Object(dict[str, Any]):
    """An object of JavaScript, whose keys are attributes."""

    __getattr__ = dict.__getitem__


def _parse(text: str) -> Any:
    return json.loads(text, object_hook=Object)


def _to_record(url: str, init: SimpleNamespace) -> dict[str, Any]:
    parts = urlsplit(url)
    facts: dict[str, Any] = {"verb": getattr(init, "method", "GET"), "url": url.partition("?")[0]}
    if parts.query:
        facts["query"] = dict(parse_qsl(parts.query, keep_blank_values=True))
    if getattr(init, "headers", None):
        facts["headers"] = init.headers
    if hasattr(init, "credentials"):
        facts["credentials"] = init.credentials
    body = getattr(init, "body", None)
    if isinstance(body, FormData):
        facts["form"] = {
            name: value if isinstance(value, str) else {"$file": value.text}
            for name, value in body.items()
        }
    elif body:
        facts["json"] = json.loads(body)
    return facts
