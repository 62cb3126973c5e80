"""Run the conformance vectors on the server's clients, with scripted answers instead of a network."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from pyflickr_web.core.flow import Request, Response
from pyflickr_web.flickr import AsyncFlickr, Flickr
from pyflickr_web.transports.message import to_message
from pyflickr_web.transports.tasks import TaskDriver
from pyflickr_web.transports.threads import ThreadDriver
from tests.conformance import perform
from tests.conformance.fake_js import Answer, text_of
from tests.support.loops import run

Record = dict[str, Any]


class Script:
    """The remaining answers, and a record of requests."""

    def __init__(self, answers: list[Answer], cancels: bool) -> None:
        self.answers = answers
        self.cancels = cancels
        self.requests: list[Record] = []

    def send(self, request: Request) -> Response | None:
        self.requests.append(_to_record(request))
        if not self.answers:
            return None
        answer = self.answers.pop(0)
        if answer.get("dropped"):
            return None
        text = text_of(answer)
        headers = answer.get("headers", {})
        status = answer.get("status", 200)
        return Response(status, None if answer.get("broken") else text, headers.get("Retry-After"))

    async def send_awaited(self, request: Request) -> Response | None:
        if self.cancels:
            perform.cancel()  # type: ignore[no-untyped-call]
            self.requests.append(_to_record(request))
            await asyncio.Event().wait()
        return self.send(request)


def record(vector: dict[str, Any], awaited: bool) -> Record:
    """Run a vector on `AsyncFlickr` or `Flickr`; return its record."""
    script = Script([*vector.get("answers", [])], vector.get("abort") == "during")
    with _warnings() as warnings:
        outcome = _run_async(vector, script) if awaited else _run_sync(vector, script)
    if "error" in outcome and outcome["error"]["name"] in _KINDS:
        outcome["error"]["name"] = "FlickrError"
    return {
        "reports": [],
        "requests": script.requests,
        "warnings": warnings,
        "left": len(script.answers),
        "ended": True,
        **outcome,
    }


def _run_async(vector: dict[str, Any], script: Script) -> Record:
    class Scripted(AsyncFlickr):
        async def _driver(self) -> TaskDriver:
            return TaskDriver(script.send_awaited)

    outcome: Record = json.loads(
        run(perform.perform(SimpleNamespace(Flickr=Scripted), json.dumps(vector)))  # type: ignore[no-untyped-call]
    )
    return outcome


def _run_sync(vector: dict[str, Any], script: Script) -> Record:
    class Scripted(Flickr):
        _driver = ThreadDriver(script.send)

    outcome: Record = {"pauses": []}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "pyflickr_web.transports.threads.time.sleep",
            lambda seconds: outcome["pauses"].append(seconds * 1000),
        )
        try:
            outcome["result"] = _outcome(Scripted, vector)
        except Exception as error:
            outcome["error"] = perform.describe_error(error)  # type: ignore[no-untyped-call]
    return outcome


def _outcome(kind: type[Flickr], vector: dict[str, Any]) -> Any:
    revive: Any = perform._revive
    flickr = kind(**revive(vector["options"]))
    call = vector.get("call") or {}
    values = revive(call.get("arguments") or {})
    flickr = flickr.with_options(**revive(call.get("settings") or {}))
    name, form = call.get("method") or "", call.get("as") or "promise"
    if form == "detached call":
        call_by_name: Any = flickr.call
        return call_by_name(name, **values)
    if form == "named":
        return flickr.call(name, **values)
    if form == "photoURL":
        return flickr.photo_url(**values)
    if form == "detached photoURL":
        return next(map(flickr.photo_url, [values["photo"]]))
    method: Any = flickr
    for part in name.split(".")[1:]:
        method = getattr(method, part)
    if form == "promise":
        return method(**values)
    if form == "id":
        return str(method(**values)["id"])
    found = []
    for item in getattr(method, form)(**values):
        found.append(item)
        if len(found) == call.get("take"):
            break
    return found


def _to_record(request: Request) -> Record:
    sent = to_message(request)
    parts = urlsplit(sent.url)
    facts: Record = {"verb": sent.verb, "url": sent.url.partition("?")[0]}
    if parts.query:
        facts["query"] = dict(parse_qsl(parts.query, keep_blank_values=True))
    if sent.headers:
        facts["headers"] = sent.headers
    if sent.body:
        facts["json"] = json.loads(sent.body)
    return facts


@contextmanager
def _warnings() -> Iterator[list[str]]:
    outcome: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: outcome.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("pyflickr_web")
    logger.addHandler(handler)
    try:
        yield outcome
    finally:
        logger.removeHandler(handler)


def _kinds() -> set[str]:
    from pyflickr_web import errors

    return {name for name in errors.__all__ if name.endswith(("Error", "Refused"))}


_KINDS = _kinds()
