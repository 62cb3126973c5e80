"""The proxy as an ASGI application, on aiohttp."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.adapters.authenticators import refusal_for_error, visitor_of
from pyflickr_web.proxy.adapters.piece_readers import AsyncPieceReader, ClientDisconnected
from pyflickr_web.proxy.adapters.task_driver import ProxyTaskDriver
from pyflickr_web.proxy.calls.message import HEADERS, ProxyRequest, Refusal, Reply, Visitor
from pyflickr_web.proxy.handlers import Handlers, is_upload
from pyflickr_web.proxy.stores.in_flight import HeldBody
from pyflickr_web.proxy.stores.memory import Stores
from pyflickr_web.proxy.stores.redis_drivers import RedisTasks
from pyflickr_web.transports.errors import FlickrError
from pyflickr_web.transports.process_local import ProcessLocal
from pyflickr_web.transports.tasks import TaskTransport

if TYPE_CHECKING:
    from pyflickr_web.proxy.calls.handler import RequestHandler
    from pyflickr_web.proxy.calls.policy import Policy

# nginx's status for a client that disconnected; only logs and middleware see it.
_CLIENT_CLOSED_REQUEST = Reply(499)
# By their names in ASGI: bytes, in lower case.
_HEADERS = {name.encode(): name for name in HEADERS}
# Bytes up to which servers do not wait for a client to read.
_LONG = 64 * 1024
# The key in a scope whose client address comes from a trusted server in front.
FORWARDED = "pyflickr_web.forwarded"
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class AsgiProxy:
    """An ASGI application that answers calls at every path, and uploads at paths that end in `/upload`.

    `authenticator` gets the scope. Connections to Flickr belong to the running event loop; `close`
    closes them, and is called by the server if it supports the lifespan protocol.
    """

    def __init__(
        self,
        handlers: Handlers,
        transport: Callable[[], TaskTransport],
        authenticator: Callable[[Any], Any] | None = None,
    ) -> None:
        self.handlers = handlers
        self.authenticator = authenticator
        self._transport = transport
        self._local = ProcessLocal(partial(_Local, handlers.policy))
        # Raise an error for an invalid rate now, not at the first request.
        self._local.get()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # The scope of a mounted application has the whole path.
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            await (self.upload if is_upload(path) else self.call)(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def close(self) -> None:
        """Close idle connections; a later request opens new ones."""
        local = self._local.get()
        loop_state, local.loop_state = local.loop_state, None
        if loop_state and loop_state.loop is asyncio.get_running_loop():
            await loop_state.transport.close()
            if loop_state.redis:
                await loop_state.redis.close()

    async def redis_answers(self) -> bool | None:
        """Return True if Redis works now; None without a Redis."""
        redis = self._loop_state(self._local.get()).redis if self.handlers.policy.redis else None
        return await redis.ping() if redis else None

    async def admit(self, scope: Scope, body: bytes | None) -> Visitor | None:
        """Return the visitor that the authenticator admits; None without one. Raises `Refusal`.

        `body` is None if the authenticator must not read it.
        """
        if self.authenticator is None:
            return None
        try:
            result = self.authenticator(scope)
            return visitor_of(await result if inspect.isawaitable(result) else result)
        except FlickrError as error:
            raise refusal_for_error(error) from None

    async def call(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call of a method."""
        await self._respond(self.handlers.calls, self._read_body, scope, receive, send)

    async def upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an upload, and stream its body to Flickr."""
        await self._respond(self.handlers.uploads, self._open_body, scope, receive, send)

    async def _respond(
        self,
        handler: RequestHandler,
        read: Callable[[ProxyRequest, Receive, HeldBody], Awaitable[Any]],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        request = request_of(scope)
        reply, local = handler.answer_by_head(request), self._local.get()
        with local.stores.in_flight.slot() as slot, HeldBody(local.stores.bodies) as held:
            if reply is None:
                body: Any = b""
                try:
                    body = await read(request, receive, held)
                    visitor = None
                    if self.authenticator:
                        visitor = await self.admit(scope, body if isinstance(body, bytes) else None)
                    flow = handler.answer(request, body, visitor)
                    reply = await self._loop_state(local).driver.run(flow, slot, receive)
                except Refusal as refused:
                    reply = handler.refusal_reply(request, refused, body)
                except ClientDisconnected:
                    reply = _CLIENT_CLOSED_REQUEST
            await send_reply(handler.with_common_headers(request, reply), send)

    async def _open_body(
        self, request: ProxyRequest, receive: Receive, held: HeldBody
    ) -> Callable[[], Awaitable[bytes]]:
        return AsyncPieceReader(receive, self.handlers.policy.body_timeout).next

    async def _read_body(self, request: ProxyRequest, receive: Receive, held: HeldBody) -> bytes:
        if request.verb != "POST":
            return b""
        policy, body = self.handlers.policy, bytearray()
        try:
            async with asyncio.timeout(policy.body_timeout):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientDisconnected
                    body += message.get("body", b"")
                    if len(body) > policy.max_body:
                        raise self.handlers.calls.too_large()
                    held.grow(len(body))
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise Refusal(408, "the request was not complete in time: try again") from None

    def _loop_state(self, local: _Local) -> _LoopState:
        loop = asyncio.get_running_loop()
        if local.loop_state is None or local.loop_state.loop is not loop:
            transport, policy = self._transport(), self.handlers.policy
            upstream = self.handlers.calls.upstream
            redis = RedisTasks(upstream, policy, local.stores) if policy.redis else None
            driver = ProxyTaskDriver(transport.send, local.stores, redis)
            local.loop_state = _LoopState(loop, transport, driver, redis)
        return local.loop_state

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "lifespan.startup.complete"})


class _Local:
    """The stores of one process, and the connections of its event loop."""

    def __init__(self, policy: Policy) -> None:
        self.stores = Stores.of(policy)
        self.loop_state: _LoopState | None = None


@dataclass(frozen=True, slots=True)
class _LoopState:
    loop: asyncio.AbstractEventLoop
    transport: TaskTransport
    driver: ProxyTaskDriver
    redis: RedisTasks | None


def request_of(scope: Scope) -> ProxyRequest:
    """Return the request in an ASGI scope."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = _HEADERS.get(name)
        if key is not None:
            text = value.decode("latin-1")
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
    client = scope.get("client")
    query = scope.get("query_string", b"").decode("latin-1")
    return ProxyRequest(
        scope["method"],
        query,
        headers,
        client[0] if client else "",
        is_forwarded=scope.get(FORWARDED, False),
        scheme=scope.get("scheme", "http"),
    )


async def send_reply(reply: Reply, send: Send) -> None:
    """Send a reply as ASGI messages."""
    headers = list(_encode_headers(tuple(reply.headers.items())))
    if reply.status not in (204, 304):
        headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if len(reply.body) > _LONG:
        await send({"type": "http.response.body", "body": reply.body, "more_body": True})
        # This waits until the client has read enough of the body.
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": reply.body})


@lru_cache(maxsize=256)
def _encode_headers(headers: tuple[tuple[str, str], ...]) -> list[tuple[bytes, bytes]]:
    """Encode headers for ASGI; cached, because most replies have the same ones."""
    return [(name.encode(), value.encode("latin-1")) for name, value in headers]
