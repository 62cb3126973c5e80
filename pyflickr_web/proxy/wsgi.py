"""The proxy for threads, on requests: as a WSGI application, and for frameworks on WSGI."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pyflickr_web.errors import FlickrError
from pyflickr_web.process_local import ProcessLocal
from pyflickr_web.proxy.effects import InFlightCall, Keep, Look, Now, Shared, Take
from pyflickr_web.proxy.handler import Handler
from pyflickr_web.proxy.memory import Slot
from pyflickr_web.proxy.message import ProxyRequest, Refused, Reply, Visitor
from pyflickr_web.proxy.pieces import Pieces
from pyflickr_web.proxy.reading import refusal_for
from pyflickr_web.proxy.redis.threads import RedisThreads
from pyflickr_web.proxy.stores import Stores
from pyflickr_web.proxy.uploads import is_upload
from pyflickr_web.proxy.visitors import admitted, refusal
from pyflickr_web.transports.stream import Receive
from pyflickr_web.transports.threads import Send, ThreadDriver, ThreadTransport

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect
    from pyflickr_web.proxy.policy import Policy

Environ = Mapping[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class ThreadProxy:
    """Answers requests of any thread; the connections to Flickr are shared between them."""

    def __init__(self, handler: Handler, transport: Callable[[], ThreadTransport]) -> None:
        self.handler = handler
        self._transport = transport
        self._local = ProcessLocal(partial(_Local, handler.policy))
        # An invalid rate is an error now, not with the first request.
        self._local.get()

    def reply(
        self,
        request: ProxyRequest,
        body: Callable[[], bytes],
        authenticate: Callable[[], Any] | None,
    ) -> tuple[Reply, Slot]:
        """Return the reply to a request, and its slot among those in flight: release it when the reply
        is sent. `body` is called only if the request may have one.

        `authenticate` returns what an authenticator does; errors of its framework pass through.
        """
        slot = self._local.get().stores.in_flight.slot()
        reply = self.handler.opening(request)
        if reply is None:
            content = b""
            try:
                content = _read(body) if request.verb == "POST" else b""
                if len(content) > self.handler.policy.max_body:
                    raise self.handler.too_large()
                visitor = _admitted(authenticate)
                reply = self._driver(slot).run(self.handler.answer(request, content, visitor))
            except Refused as refused:
                slot.release()
                reply = refusal_for(request, content, refused)
        return self.handler.closing(request, reply), slot

    def upload(
        self,
        request: ProxyRequest,
        read: Callable[[int], bytes],
        authenticate: Callable[[], Any] | None,
    ) -> tuple[Reply, Slot]:
        """As `reply`, for an upload, whose body goes on to Flickr as it is read: so many bytes at most.

        Nothing is read before `authenticate`.
        """
        slot, uploads = self._local.get().stores.in_flight.slot(), self.handler.uploads
        reply = uploads.opening(request)
        if reply is None:
            try:
                visitor = _admitted(authenticate)
                pieces = Pieces(read, int(request.headers["content-length"]))
                reply = self._driver(slot).run(uploads.answer(request, visitor, pieces.next))
            except Refused as refused:
                slot.release()
                reply = refused.reply()
        return self.handler.closing(request, reply), slot

    def close(self) -> None:
        """Close the connections that are kept; a later request opens new ones."""
        local = self._local.get()
        with local.lock:
            transport, local.transport = local.transport, None
            redis, local.redis = local.redis, None
        if transport:
            transport.close()
        if redis:
            redis.close()

    def redis_answers(self) -> bool | None:
        """Whether Redis can do now what it is there for; None where there is none."""
        local = self._local.get()
        with local.lock:
            kept = self._kept(local)
        return kept.answers() if isinstance(kept, RedisThreads) else None

    def _driver(self, slot: Slot) -> _ProxyDriver:
        local = self._local.get()
        with local.lock:
            if local.transport is None:
                local.transport = self._transport()
            return _ProxyDriver(local.transport.send, self._kept(local), local.shared, slot)

    def _kept(self, local: _Local) -> Stores | RedisThreads:
        policy = self.handler.policy
        if policy.redis and local.redis is None:
            local.redis = RedisThreads(self.handler.upstream, policy, local.stores)
        return local.redis or local.stores


class _Local:
    """The memory, requests in flight and connections of one process."""

    def __init__(self, policy: Policy) -> None:
        self.stores = Stores.of(policy)
        self.shared: dict[str, Future[Any]] = {}
        self.transport: ThreadTransport | None = None
        self.redis: RedisThreads | None = None
        self.lock = threading.Lock()


class WsgiProxy(ThreadProxy):
    """Answers at every path that it is given, uploads where it ends in `/upload`; `authenticator` gets
    the environ."""

    def __init__(
        self,
        handler: Handler,
        transport: Callable[[], ThreadTransport],
        authenticator: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__(handler, transport)
        self.authenticator = authenticator

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        authenticator = self.authenticator
        authenticate = None if authenticator is None else lambda: authenticator(environ)
        request = request_of(environ)
        if is_upload(environ.get("PATH_INFO", "")):
            reply, slot = self.upload(request, environ["wsgi.input"].read, authenticate)
        else:
            reply, slot = self.reply(request, lambda: self._body(environ), authenticate)
        headers = [(name.title(), value) for name, value in reply.headers.items()]
        if reply.status not in (204, 304):
            headers.append(("Content-Length", str(len(reply.body))))
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", headers)
        return _Body(b"" if request.verb == "HEAD" else reply.body, slot)

    def _body(self, environ: Environ) -> bytes:
        check_chunks(environ)
        # Past its length, or without one, a server's stream may wait for ever.
        length = environ.get("CONTENT_LENGTH") or "0"
        if environ.get("wsgi.input_terminated"):
            length = str(self.handler.policy.max_body + 1)
        content: bytes = environ["wsgi.input"].read(int(length))
        return content


class _Body:
    """A body that releases its request's slot when the server has sent it, or given it up."""

    def __init__(self, content: bytes, slot: Slot) -> None:
        self._content = content
        self._slot = slot

    def __iter__(self) -> Iterator[bytes]:
        yield self._content

    def close(self) -> None:
        self._slot.release()


class _ProxyDriver(ThreadDriver):
    """Runs the flow of one request, whose call occupies `slot`."""

    def __init__(
        self,
        send: Send,
        stores: Stores | RedisThreads,
        shared: dict[str, Future[Any]],
        slot: Slot,
    ) -> None:
        super().__init__(send)
        self._stores = stores
        self._shared = shared
        self._slot = slot

    def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Now):
            return time.monotonic()
        if isinstance(effect, Look | Keep | Take):
            return self._stores.perform(effect)
        if isinstance(effect, InFlightCall):
            # No WSGI server tells that a client disconnects.
            self._slot.occupy(effect.who)
            return self.run(effect.flow)
        if isinstance(effect, Shared):
            return self._share(effect)
        if isinstance(effect, Receive):
            return effect.source()
        return super()._perform(effect)

    def _share(self, effect: Shared) -> Any:
        own: Future[Any] = Future()
        while (running := self._shared.setdefault(effect.key, own)) is not own:
            try:
                result = running.result()
            except CancelledError:
                # Who ran it was ended, and not who waits for it here.
                continue
            effect.flow.close()
            return result
        try:
            result = self.run(effect.flow)
        except BaseException as error:
            del self._shared[effect.key]
            if isinstance(error, Exception):
                own.set_exception(error)
            else:
                own.cancel()
            raise
        del self._shared[effect.key]
        own.set_result(result)
        return result


def request_of(environ: Environ) -> ProxyRequest:
    """A request of WSGI's."""
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return ProxyRequest(
        environ["REQUEST_METHOD"],
        environ.get("QUERY_STRING", ""),
        headers,
        environ.get("REMOTE_ADDR", ""),
        scheme=environ.get("wsgi.url_scheme", "http"),
    )


def check_chunks(environ: Environ) -> None:
    """Raise `Refused` (411) for a body in chunks, if the server does not put them together."""
    if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("wsgi.input_terminated"):
        raise Refused(411, "the body must tell its Content-Length")


def _read(body: Callable[[], bytes]) -> bytes:
    try:
        return body()
    except OSError:
        raise Refused(400, "the body breaks off, or is malformed") from None


def _admitted(authenticate: Callable[[], Any] | None) -> Visitor | None:
    if authenticate is None:
        return None
    try:
        said = authenticate()
        return admitted(asyncio.run(said) if inspect.iscoroutine(said) else said)
    except FlickrError as error:
        raise refusal(error) from None
