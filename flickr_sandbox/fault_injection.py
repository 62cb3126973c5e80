"""The middleware of all addresses: it counts requests and injects faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import hdrs, web
from aiohttp.payload import Payload
from aiohttp.typedefs import Handler, Middleware

from flickr_sandbox import formats
from flickr_sandbox.call import Failure
from flickr_sandbox.counts import Counts
from flickr_sandbox.faults import INDEX_DELAY, Fault, Faults
from flickr_sandbox.messages import (
    ANY_ORIGIN,
    WRONG_FORMAT,
    RequestData,
    api_response,
    make_request_data,
    read_request,
)
from flickr_sandbox.recorder import Recorder
from flickr_sandbox.request_log import Notes

PIECES = 8
PAGE = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"
_REASONS = {429: "Too Many Requests", 502: "Bad Gateway", 503: "Service Unavailable"}


@dataclass(frozen=True, slots=True)
class Target:
    """A request that faults can apply to: its place, the name that it is counted by, and its data."""

    place: str
    name: str
    data: RequestData


@dataclass(frozen=True, slots=True)
class FaultInjector:
    """Counts and records requests, and injects faults into their answers."""

    faults: Faults
    counts: Counts
    recorder: Recorder

    @property
    def middleware(self) -> Middleware:
        """The middleware for aiohttp."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            target = await _classify(request)
            if target is None:
                return await handler(request)
            self.counts.count_call(target.name)
            with self.recorder.take_notes() as notes:
                return await self._answer(request, handler, target, notes)

        return middleware

    async def _answer(
        self, request: web.Request, handler: Handler, target: Target, notes: Notes
    ) -> web.StreamResponse:
        given = target.data.parameters
        key = given.get("api_key") or given.get("oauth_consumer_key", "")
        chosen: Fault | None = None
        # A connection has one task for all of its requests.
        INDEX_DELAY.set(0.0)
        for fault in self.faults.decide(target.place, target.name, key):
            if fault.kind == "latency":
                await asyncio.sleep(fault.seconds)
            elif fault.kind == "index_delay":
                INDEX_DELAY.set(fault.seconds)
            else:
                chosen = fault
        if chosen is None:
            response = await _handle(handler, request)
        else:
            response = await _inject(chosen, request, handler, target)
        dropped = chosen is not None and chosen.kind.startswith("drop")
        self.counts.count_answer("dropped" if dropped else str(response.status))
        status, kind = None if dropped else response.status, chosen.kind if chosen else ""
        self.recorder.record(target.name, target.data, request.headers, notes, status, kind)
        return response


async def _classify(request: web.Request) -> Target | None:
    """Return the target of a request, or None for pages and `/sandbox/`, which have no faults."""
    parts = request.path.strip("/").split("/")
    if parts[0] != "services" or len(parts) < 2:
        if not _is_file(parts):
            return None
        return Target("files", "files", make_request_data(request, ()))
    if parts[1] in ("upload", "replace"):
        # The handler streams their bodies to disk.
        return Target("upload", parts[1], make_request_data(request, ()))
    data = await read_request(request)
    if parts[1] == "rest":
        return Target("rest", data.parameters.get("method", ""), data)
    return Target("oauth", "/".join(parts[1:]), data)


def _is_file(parts: list[str]) -> bool:
    is_host_of_files = parts[0].isdecimal() or parts[0] in ("video", "buddyicons", "images")
    return is_host_of_files or (parts[0] == "photos" and "play" in parts[3:4])


async def _handle(handler: Handler, request: web.Request) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as refused:
        return web.Response(status=refused.status, text=refused.text, headers=refused.headers)


async def _inject(
    fault: Fault, request: web.Request, handler: Handler, target: Target
) -> web.StreamResponse:
    replacement = _make_replacement(fault, target)
    if replacement is not None:
        if fault.kind == "drop" and request.transport:
            request.transport.abort()
        return replacement
    token = WRONG_FORMAT.set(fault.kind == "wrong-format")
    try:
        return await _damage(fault, request, await _handle(handler, request))
    finally:
        WRONG_FORMAT.reset(token)


def _make_replacement(fault: Fault, target: Target) -> web.Response | None:
    """Return the answer of a fault that replaces the handler, or None if the handler is needed."""
    if fault.kind.isdecimal() and int(fault.kind) in (500, *_REASONS):
        return _error_page(int(fault.kind), fault.retry_after)
    if fault.failure:
        return _failure_response(Failure(*fault.failure), target)
    if fault.kind in ("empty", "drop"):
        return web.Response(headers=ANY_ORIGIN, content_type="text/plain")
    if fault.kind == "wrong-format" and target.place != "rest":
        text = PAGE.format("Welcome")
        return web.Response(text=text, content_type="text/html", headers=ANY_ORIGIN)
    signed = "oauth_token" in target.data.parameters or target.place == "upload"
    if fault.kind == "expired-token" and signed:
        return web.Response(
            status=401,
            text="oauth_problem=token_rejected",
            headers=ANY_ORIGIN | {hdrs.CONTENT_TYPE: "text/plain;charset=UTF-8"},
        )
    return None


def _error_page(status: int, retry_after: int | None) -> web.Response:
    text = PAGE.format(f"{status} {_REASONS[status]}") if status in _REASONS else ""
    response = web.Response(status=status, text=text, content_type="text/html", headers=ANY_ORIGIN)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _failure_response(failure: Failure, target: Target) -> web.Response:
    form = formats.Format()
    if target.place == "rest":
        try:
            form = formats.parse_format(target.data.parameters)
        except Failure:
            form = formats.Format()
    return api_response(formats.format_failure(form, failure))


async def _damage(
    fault: Fault, request: web.Request, response: web.StreamResponse
) -> web.StreamResponse:
    """Apply a fault to the handler's response."""
    if fault.kind not in ("truncated", "slow", "drop-midway"):
        return response
    content = await _read_body(response)
    headers = response.headers.copy()
    headers.popall(hdrs.CONTENT_LENGTH, None)
    if fault.kind == "truncated":
        half = content[: len(content) // 2]
        return web.Response(status=response.status, body=half, headers=headers)
    headers[hdrs.CONTENT_LENGTH] = str(len(content))
    is_slow = fault.kind == "slow"
    pieces = _send_slowly(content, fault.seconds) if is_slow else _send_half(content, request)
    return web.Response(status=response.status, body=pieces, headers=headers)


async def _read_body(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else None
    return await body.as_bytes() if isinstance(body, Payload) else bytes(body or b"")


async def _send_slowly(content: bytes, seconds: float) -> AsyncIterator[bytes]:
    size = -(-len(content) // PIECES) or 1
    for start in range(0, len(content), size):
        await asyncio.sleep(seconds / PIECES)
        yield content[start : start + size]


async def _send_half(content: bytes, request: web.Request) -> AsyncIterator[bytes]:
    yield content[: len(content) // 2]
    if request.transport:
        request.transport.close()
