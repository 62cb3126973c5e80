"""The proxy as an ASGI application, on aiohttp."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from pyflickr_web.errors import FlickrError
from pyflickr_web.process_local import ProcessLocal
from pyflickr_web.proxy.disconnect import run_while_connected
from pyflickr_web.proxy.effects import InFlightCall, Keep, Look, Now, Shared, Take
from pyflickr_web.proxy.handler import Handler
from pyflickr_web.proxy.message import HEADERS, ProxyRequest, Refused, Reply, Visitor
from pyflickr_web.proxy.pieces import Gone, PiecesInLoop
from pyflickr_web.proxy.reading import refusal_for
from pyflickr_web.proxy.redis.tasks import RedisTasks
from pyflickr_web.proxy.stores import Stores
from pyflickr_web.proxy.uploads import is_upload
from pyflickr_web.proxy.visitors import admitted, refusal
from pyflickr_web.transports.message import WholeRequest
from pyflickr_web.transports.stream import Receive as Piece
from pyflickr_web.transports.tasks import Send as SendRequest
from pyflickr_web.transports.tasks import TaskDriver, TaskTransport

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.proxy.memory import HeldBody, Slot
    from pyflickr_web.proxy.policy import Policy

# For logs and middleware, as nginx has it: nobody is there to read it.
_CLIENT_CLOSED_REQUEST = Reply(499)
# As ASGI has their names: bytes, in lower case.
_HEADERS = {name.encode(): name for name in HEADERS}
# Servers wait for no client that has so few bytes to take.
_LONG = 64 * 1024
# Set in a scope whose client a trusted server in front has named.
FORWARDED = "pyflickr_web.forwarded"
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class AsgiProxy:
    """Answers at every path that it is given, uploads where it ends in `/upload`; `authenticator` gets
    the scope.

    Its connections to Flickr belong to the event loop that runs, and are closed by `close`, which the
    lifespan protocol calls where the server speaks it.
    """

    def __init__(
        self,
        handler: Handler,
        transport: Callable[[], TaskTransport],
        authenticator: Callable[[Any], Any] | None = None,
    ) -> None:
        self.handler = handler
        self.authenticator = authenticator
        self._transport = transport
        self._local = ProcessLocal(partial(_Local, handler.policy))
        # An invalid rate is an error now, not with the first request.
        self._local.get()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # Mounted applications are told the whole path.
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            await (self.upload if is_upload(path) else self.call)(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def close(self) -> None:
        """Close the connections that are kept; a later request opens new ones."""
        local = self._local.get()
        running, local.running = local.running, None
        if running and running.loop is asyncio.get_running_loop():
            await running.transport.close()
            if running.redis:
                await running.redis.close()

    async def redis_answers(self) -> bool | None:
        """Whether Redis can do now what it is there for; None where there is none."""
        redis = self._here().redis if self.handler.policy.redis else None
        return await redis.answers() if redis else None

    async def admit(self, scope: Scope, body: bytes | None) -> Visitor | None:
        """Whom the authenticator lets in; None where there is none. Raises `Refused`.

        `body` is None where it is not to be read before.
        """
        if self.authenticator is None:
            return None
        try:
            said = self.authenticator(scope)
            return admitted(await said if inspect.isawaitable(said) else said)
        except FlickrError as error:
            raise refusal(error) from None

    async def call(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call of a method."""
        request = request_of(scope)
        reply, stores = self.handler.opening(request), self._local.get().stores
        with stores.in_flight.slot() as slot, stores.bodies.body() as held:
            if reply is None:
                body = b""
                try:
                    body = await self._body(receive, held) if request.verb == "POST" else b""
                    visitor = await self.admit(scope, body)
                    flow = self.handler.answer(request, body, visitor)
                    reply = await self._driver().run(flow, slot, receive)
                except Refused as refused:
                    reply = refusal_for(request, body, refused)
                except Gone:
                    reply = _CLIENT_CLOSED_REQUEST
            await send_reply(self.handler.closing(request, reply), send)

    async def upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an upload, whose body goes on to Flickr as it comes."""
        request, uploads = request_of(scope), self.handler.uploads
        reply = uploads.opening(request)
        with self._local.get().stores.in_flight.slot() as slot:
            if reply is None:
                try:
                    visitor = await self.admit(scope, None)
                    pieces = PiecesInLoop(receive, self.handler.policy.body_timeout)
                    flow = uploads.answer(request, visitor, pieces.next)
                    reply = await self._driver().run(flow, slot)
                except Refused as refused:
                    reply = refused.reply()
                except Gone:
                    reply = _CLIENT_CLOSED_REQUEST
            await send_reply(self.handler.closing(request, reply), send)

    async def _body(self, receive: Receive, held: HeldBody) -> bytes:
        policy, body = self.handler.policy, bytearray()
        try:
            async with asyncio.timeout(policy.body_timeout):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Gone
                    body += message.get("body", b"")
                    if len(body) > policy.max_body:
                        raise self.handler.too_large()
                    held.grow(len(body))
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise Refused(408, "the request did not come whole in time") from None

    def _driver(self) -> _ProxyDriver:
        return self._here().driver

    def _here(self) -> _Running:
        loop, local = asyncio.get_running_loop(), self._local.get()
        if local.running is None or local.running.loop is not loop:
            transport, policy = self._transport(), self.handler.policy
            upstream = self.handler.upstream
            redis = RedisTasks(upstream, policy, local.stores) if policy.redis else None
            driver = _ProxyDriver(transport.send, local.stores, redis)
            local.running = _Running(loop, transport, driver, redis)
        return local.running

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "lifespan.startup.complete"})


class _ProxyDriver(TaskDriver):
    def __init__(self, send: SendRequest, stores: Stores, redis: RedisTasks | None = None) -> None:
        super().__init__(send)
        self._shared: dict[str, _SharedRun] = {}
        # Most effects are answered at once: to await them too would take longer than they do.
        self._at_once: dict[type, Callable[[Any], Any]] = {Now: lambda _: time.monotonic()}
        self._awaited: dict[type, Callable[[Any], Awaitable[Any]]] = {
            Piece: lambda effect: effect.source(),
            Shared: self._share,
            WholeRequest: send,
        }
        kept = (Look, Keep, Take)
        if redis is None:
            self._at_once |= dict.fromkeys(kept, stores.perform)
        else:
            self._awaited |= dict.fromkeys(kept, redis.perform)

    async def run(
        self, flow: Flow, slot: Slot | None = None, receive: Receive | None = None
    ) -> Any:
        """Return what a flow returns. Its call occupies `slot`, and ends when the client whose `receive`
        it is disconnects."""
        result = None
        try:
            while True:
                effect = flow.send(result)
                kind = type(effect)
                if at_once := self._at_once.get(kind):
                    result = at_once(effect)
                elif kind is InFlightCall:
                    result = await self._call(effect, slot, receive)
                else:
                    result = await self._awaited.get(kind, self._perform)(effect)
        except StopIteration as stop:
            return stop.value

    async def _call(self, effect: InFlightCall, slot: Slot | None, receive: Receive | None) -> Any:
        if slot:
            slot.occupy(effect.who)
        if receive is None or not effect.cancellable:
            return await self.run(effect.flow)
        return await run_while_connected(self.run(effect.flow), receive)

    async def _share(self, effect: Shared) -> Any:
        shared = self._shared.get(effect.key)
        if shared and not shared.task.done():
            effect.flow.close()
        else:
            # In a task of its own, so that it outlives the request that starts it.
            task = asyncio.create_task(self.run(effect.flow))
            shared = self._shared[effect.key] = _SharedRun(task)
        shared.waiting += 1
        try:
            return await asyncio.shield(shared.task)
        finally:
            shared.waiting -= 1
            if not shared.waiting:
                shared.task.cancel()
                if self._shared.get(effect.key) is shared:
                    del self._shared[effect.key]


@dataclass(slots=True)
class _SharedRun:
    """A flow that runs for as many requests as wait for it."""

    task: asyncio.Task[Any]
    waiting: int = 0


class _Local:
    """The memory of one process, and the connections of its event loop."""

    def __init__(self, policy: Policy) -> None:
        self.stores = Stores.of(policy)
        self.running: _Running | None = None


@dataclass(frozen=True, slots=True)
class _Running:
    loop: asyncio.AbstractEventLoop
    transport: TaskTransport
    driver: _ProxyDriver
    redis: RedisTasks | None


def request_of(scope: Scope) -> ProxyRequest:
    """A request of ASGI's."""
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
    """Send a reply as ASGI has it."""
    headers = list(_encoded(tuple(reply.headers.items())))
    if reply.status not in (204, 304):
        headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if len(reply.body) > _LONG:
        await send({"type": "http.response.body", "body": reply.body, "more_body": True})
        # Servers let this wait until the client has taken what was sent before.
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": reply.body})


@lru_cache(maxsize=256)
def _encoded(headers: tuple[tuple[str, str], ...]) -> list[tuple[bytes, bytes]]:
    """Headers as ASGI has them; those of most replies are the same."""
    return [(name.encode(), value.encode("latin-1")) for name, value in headers]
