"""`/sandbox/`: faults and counters of a running sandbox, as JSON.

Writes want `Content-Type: application/json`, which no page of another origin may send here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from aiohttp import web

from flickr_sandbox.counts import Counts
from flickr_sandbox.faults import KINDS, PLACES, Fault, Faults, Rule, failing

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


@dataclass(frozen=True, slots=True)
class Admin:
    """Answers at the admin address."""

    faults: Faults
    counts: Counts

    def routes(self) -> list[web.RouteDef]:
        """What it answers."""
        return [
            web.get("/sandbox/", self.all),
            web.get("/sandbox/kinds", self.kinds),
            web.get("/sandbox/faults", self.listed),
            web.post("/sandbox/faults", self.add),
            web.delete("/sandbox/faults", self.clear),
            web.delete(r"/sandbox/faults/{id:\d{1,9}}", self.remove),
            web.post("/sandbox/fail", self.fail),
            web.post("/sandbox/limit", self.limit),
            web.get("/sandbox/calls", self.counted),
            web.delete("/sandbox/calls", self.forget),
        ]

    async def all(self, _: web.Request) -> web.Response:
        """Everything that can be told."""
        return web.json_response(
            {"faults": self._rules(), "limit": self.faults.limited, **self._counts()}
        )

    async def kinds(self, _: web.Request) -> web.Response:
        """The kinds of faults, and where they can happen."""
        return web.json_response({"kinds": KINDS, "where": PLACES})

    async def listed(self, _: web.Request) -> web.Response:
        """The faults that are yet to happen."""
        return web.json_response({"faults": self._rules()})

    async def add(self, request: web.Request) -> web.Response:
        """Add a fault: the fields of `Fault` and `Rule` in one object."""
        given = await _object(request, _FAULT | _RULE)
        if "kind" not in given:
            raise _refused(f"'kind' is missing; there are {', '.join(KINDS)}")
        fault = {name: value for name, value in given.items() if name in _FAULT}
        rule = {name: value for name, value in given.items() if name in _RULE}
        number = _tried(lambda: self.faults.put(Rule(Fault(**fault), **rule)))
        return web.json_response({"id": number}, status=201)

    async def fail(self, request: web.Request) -> web.Response:
        """Have the next `times` calls of a method answer an error: `Sandbox.fail`."""
        given = await _object(request, _FAIL)
        also = (given.get("message"), given.get("times", 1))
        rule = _tried(lambda: failing(given["method"], given["code"], *also))
        return web.json_response({"id": self.faults.put(rule)}, status=201)

    async def limit(self, request: web.Request) -> web.Response:
        """Let each key call `an_hour` times in an hour; null for any number."""
        given = await _object(request, _LIMIT)
        _tried(lambda: self.faults.limit(given["an_hour"]))
        return web.json_response({"limit": self.faults.limited})

    async def remove(self, request: web.Request) -> web.Response:
        """Remove one fault."""
        if not self.faults.remove(int(request.match_info["id"])):
            raise _refused("there is no fault with this number", web.HTTPNotFound)
        return web.json_response({"faults": self._rules()})

    async def clear(self, _: web.Request) -> web.Response:
        """Remove all faults, and the limit."""
        self.faults.clear()
        return web.json_response({"faults": []})

    async def counted(self, _: web.Request) -> web.Response:
        """Calls by their names, answers by their status."""
        return web.json_response(self._counts())

    async def forget(self, _: web.Request) -> web.Response:
        """Set the counters to nothing."""
        self.counts.clear()
        return web.json_response(self._counts())

    def _rules(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self.faults.rules()]

    def _counts(self) -> dict[str, dict[str, int]]:
        return {"calls": dict(self.counts.calls), "answers": dict(self.counts.answers)}


async def _object(request: web.Request, known: Fields) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise _refused("send a JSON object, as Content-Type: application/json")
    try:
        given = json.loads(await request.read())
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise _refused("the body is no JSON object")
    if unknown := sorted(set(given) - set(known)):
        raise _refused(f"{unknown[0]!r} is not known; known are {', '.join(sorted(known))}")
    for name, value in given.items():
        if type(value) not in known[name]:
            raise _refused(f"{name!r} cannot be {json.dumps(value)}")
    return given


def _tried(make: Callable[[], Result]) -> Result:
    try:
        return make()
    except KeyError as missing:
        raise _refused(f"{missing.args[0]!r} is missing") from None
    except (TypeError, ValueError) as error:
        raise _refused(str(error)) from None


def _refused(why: str, kind: type[web.HTTPError] = web.HTTPBadRequest) -> web.HTTPError:
    return kind(text=json.dumps({"error": why}), content_type="application/json")
