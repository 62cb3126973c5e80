"""`/sandbox/`: faults, counters, requests and resets of a running sandbox, as JSON.

Writes need `Content-Type: application/json`, which pages of other origins cannot send here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TypeVar

from aiohttp import web

from flickr_sandbox.counts import Counts
from flickr_sandbox.faults import KINDS, PLACES, Fault, Faults, Rule, make_failure_rule
from flickr_sandbox.request_log import RequestLog
from flickr_sandbox.throttle import FileThrottle

LONGEST_WAIT = 60
"""The most seconds that a request waits for another one."""

Result = TypeVar("Result")
Fields = dict[str, tuple[type, ...]]
_NOTHING = type(None)
_FAULT: Fields = {
    "kind": (str,),
    "retry_after": (int, _NOTHING),
    "seconds": (int, float),
    "code": (int,),
    "message": (str,),
}
_RULE: Fields = {
    "method": (str,),
    "where": (str,),
    "times": (int, _NOTHING),
    "rate": (int, float),
}
_FAIL: Fields = {
    "method": (str,),
    "code": (int,),
    "message": (str, _NOTHING),
    "times": (int, _NOTHING),
}
_LIMIT: Fields = {"an_hour": (int, _NOTHING)}
_THROTTLE: Fields = {"burst": (int,), "a_second": (int, float), "block": (int, float)}


class Controls(Protocol):
    """The parts of a sandbox that the admin address controls.

    Resets and marks raise `ValueError` if the library cannot be reset.
    """

    @property
    def environ(self) -> dict[str, str]:
        """Variables for the environment of a client."""

    async def mark_library(self) -> None:
        """Save the state of the library."""

    async def reset_library(self) -> None:
        """Restore the saved state, and remove faults, counters and requests."""


@dataclass(frozen=True, slots=True)
class Admin:
    """The handlers of the admin address."""

    faults: Faults
    counts: Counts
    requests: RequestLog
    controls: Controls

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/sandbox/", self.get_all),
            web.get("/sandbox/kinds", self.get_kinds),
            web.get("/sandbox/faults", self.get_faults),
            web.post("/sandbox/faults", self.add_fault),
            web.delete("/sandbox/faults", self.clear_faults),
            web.delete(r"/sandbox/faults/{id:\d{1,9}}", self.remove_fault),
            web.post("/sandbox/fail", self.fail),
            web.post("/sandbox/limit", self.limit),
            web.post("/sandbox/throttle", self.throttle),
            web.get("/sandbox/calls", self.get_counts),
            web.delete("/sandbox/calls", self.clear_counts),
            web.get("/sandbox/requests", self.get_requests),
            web.delete("/sandbox/requests", self.clear_requests),
            web.get("/sandbox/environ", self.get_environ),
            web.post("/sandbox/mark", self.mark),
            web.post("/sandbox/reset", self.reset),
        ]

    async def get_all(self, _: web.Request) -> web.Response:
        """Return faults, limit and counters."""
        return web.json_response(
            {"faults": self._rules(), "limit": self.faults.hourly_limit, **self._counts()}
        )

    async def get_kinds(self, _: web.Request) -> web.Response:
        """Return the kinds of faults, and the places for `where`."""
        return web.json_response({"kinds": KINDS, "where": PLACES})

    async def get_faults(self, _: web.Request) -> web.Response:
        """Return the active faults."""
        return web.json_response({"faults": self._rules()})

    async def add_fault(self, request: web.Request) -> web.Response:
        """Add a fault: the fields of `Fault` and `Rule` in one object."""
        fields = await _read_fields(request, _FAULT | _RULE)
        if "kind" not in fields:
            raise _error_response(f"'kind' is missing: choose one of {', '.join(KINDS)}")
        fault = {name: value for name, value in fields.items() if name in _FAULT}
        rule = {name: value for name, value in fields.items() if name in _RULE}
        number = _call_or_refuse(lambda: self.faults.put(Rule(Fault(**fault), **rule)))
        return web.json_response({"id": number}, status=201)

    async def fail(self, request: web.Request) -> web.Response:
        """Let the next `times` calls of a method fail, like `Sandbox.fail`."""
        fields = await _read_fields(request, _FAIL)
        also = (fields.get("message"), fields.get("times", 1))
        rule = _call_or_refuse(lambda: make_failure_rule(fields["method"], fields["code"], *also))
        return web.json_response({"id": self.faults.put(rule)}, status=201)

    async def limit(self, request: web.Request) -> web.Response:
        """Limit each key to `an_hour` calls an hour; null removes the limit."""
        fields = await _read_fields(request, _LIMIT)
        _call_or_refuse(lambda: self.faults.limit(fields["an_hour"]))
        return web.json_response({"limit": self.faults.hourly_limit})

    async def throttle(self, request: web.Request) -> web.Response:
        """Throttle files, with the fields of `FileThrottle`; `DELETE /sandbox/faults` ends it."""
        fields = await _read_fields(request, _THROTTLE)
        throttle = _call_or_refuse(lambda: FileThrottle(**fields))
        self.faults.throttle_files(throttle)
        return web.json_response({name: getattr(throttle, name) for name in _THROTTLE})

    async def remove_fault(self, request: web.Request) -> web.Response:
        """Remove one fault."""
        if not self.faults.remove(int(request.match_info["id"])):
            raise _error_response(f"unknown fault {request.match_info['id']}", web.HTTPNotFound)
        return web.json_response({"faults": self._rules()})

    async def clear_faults(self, _: web.Request) -> web.Response:
        """Remove all faults, the limit and the throttle."""
        self.faults.clear()
        return web.json_response({"faults": []})

    async def get_counts(self, _: web.Request) -> web.Response:
        """Return the numbers of calls by name and of answers by status."""
        return web.json_response(self._counts())

    async def clear_counts(self, _: web.Request) -> web.Response:
        """Reset the counters."""
        self.counts.clear()
        return web.json_response(self._counts())

    async def get_requests(self, request: web.Request) -> web.Response:
        """Return the recorded requests: all, or with the `method`; `wait` seconds for the first one."""
        method = request.query.get("method") or "*"
        if "wait" in request.query:
            seconds = _parse_seconds(request.query["wait"])
            waiter = self.requests.expect(method)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.wrap_future(waiter), seconds)
            self.requests.forget(waiter)
        found = [asdict(recorded) for recorded in self.requests.find(method)]
        return web.json_response({"requests": found})

    async def clear_requests(self, _: web.Request) -> web.Response:
        """Remove all recorded requests."""
        self.requests.clear()
        return web.json_response({"requests": []})

    async def get_environ(self, _: web.Request) -> web.Response:
        """Return the `FLICKR_…` variables for a client: key, secret, token and address."""
        return web.json_response(self.controls.environ)

    async def mark(self, request: web.Request) -> web.Response:
        """Save the state of the library, for `reset`, like `Sandbox.mark`."""
        return await self._control(request, self.controls.mark_library)

    async def reset(self, request: web.Request) -> web.Response:
        """Restore the state of the library, like `Sandbox.reset`."""
        return await self._control(request, self.controls.reset_library)

    async def _control(
        self, request: web.Request, action: Callable[[], Awaitable[None]]
    ) -> web.Response:
        await _read_fields(request, {})
        try:
            await action()
        except ValueError as error:
            raise _error_response(str(error), web.HTTPConflict) from None
        return web.json_response({})

    def _rules(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self.faults.rules()]

    def _counts(self) -> dict[str, dict[str, int]]:
        return {"calls": dict(self.counts.calls), "answers": dict(self.counts.answers)}


async def _read_fields(request: web.Request, types: Fields) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise _error_response("send a JSON object, as Content-Type: application/json")
    try:
        fields = json.loads(await request.read())
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise _error_response("the body is not a JSON object")
    if unknown := sorted(set(fields) - set(types)):
        valid = f"use {', '.join(sorted(types))}" if types else "send an empty object"
        raise _error_response(f"unknown field {unknown[0]!r}: {valid}")
    for name, value in fields.items():
        if type(value) not in types[name]:
            raise _error_response(f"invalid {name!r}: {json.dumps(value)}")
    return fields


def _parse_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= LONGEST_WAIT:
        raise _error_response(f"invalid wait {text!r}: use seconds, from 0 to {LONGEST_WAIT}")
    return seconds


def _call_or_refuse(make: Callable[[], Result]) -> Result:
    try:
        return make()
    except KeyError as missing:
        raise _error_response(f"{missing.args[0]!r} is missing") from None
    except (TypeError, ValueError) as error:
        raise _error_response(str(error)) from None


def _error_response(message: str, kind: type[web.HTTPError] = web.HTTPBadRequest) -> web.HTTPError:
    return kind(text=json.dumps({"error": message}), content_type="application/json")
