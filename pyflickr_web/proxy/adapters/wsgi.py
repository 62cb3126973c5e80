"""The proxy for threads, on requests: a WSGI application, and the base for WSGI frameworks."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.adapters.authenticators import refusal_for_error, visitor_of
from pyflickr_web.proxy.adapters.piece_readers import PieceReader
from pyflickr_web.proxy.adapters.thread_driver import ProxyThreadDriver
from pyflickr_web.proxy.calls.message import ProxyRequest, Refusal, Reply, Visitor
from pyflickr_web.proxy.handlers import Handlers, is_upload
from pyflickr_web.proxy.stores.in_flight import Slot
from pyflickr_web.proxy.stores.memory import Stores
from pyflickr_web.proxy.stores.redis_drivers import RedisThreads
from pyflickr_web.transports.errors import FlickrError
from pyflickr_web.transports.process_local import ProcessLocal
from pyflickr_web.transports.threads import ThreadTransport

if TYPE_CHECKING:
    from pyflickr_web.proxy.calls.handler import RequestHandler
    from pyflickr_web.proxy.calls.policy import Policy

Environ = Mapping[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class ThreadProxy:
    """Answers requests in any thread; all threads share the connections to Flickr."""

    def __init__(self, handlers: Handlers, transport: Callable[[], ThreadTransport]) -> None:
        self.handlers = handlers
        self._transport = transport
        self._local = ProcessLocal(partial(_Local, handlers.policy))
        # Raise an error for an invalid rate now, not at the first request.
        self._local.get()

    def reply(
        self,
        request: ProxyRequest,
        body: Callable[[], bytes],
        authenticate: Callable[[], Any] | None,
    ) -> tuple[Reply, Slot]:
        """Return the reply to a call, and the request's slot: release it when the reply is sent.

        `body` is called only if the request may have a body. `authenticate` returns the result of an
        authenticator; errors of its framework pass through.
        """
        return self._respond(
            self.handlers.calls,
            request,
            lambda: _read(body) if request.verb == "POST" else b"",
            authenticate,
        )

    def upload(
        self,
        request: ProxyRequest,
        read: Callable[[int], bytes],
        authenticate: Callable[[], Any] | None,
    ) -> tuple[Reply, Slot]:
        """Return the reply to an upload, and the request's slot.

        `read` returns up to the given number of bytes, and is not called before `authenticate`.
        """
        return self._respond(
            self.handlers.uploads,
            request,
            lambda: PieceReader(read, int(request.headers["content-length"])).next,
            authenticate,
        )

    def _respond(
        self,
        handler: RequestHandler,
        request: ProxyRequest,
        read: Callable[[], Any],
        authenticate: Callable[[], Any] | None,
    ) -> tuple[Reply, Slot]:
        slot = self._local.get().stores.in_flight.slot()
        reply = handler.answer_by_head(request)
        if reply is None:
            body: Any = b""
            try:
                body = read()
                if isinstance(body, bytes) and len(body) > self.handlers.policy.max_body:
                    raise self.handlers.calls.too_large()
                visitor = _admit(authenticate)
                reply = self._driver(slot).run(handler.answer(request, body, visitor))
            except Refusal as refused:
                slot.release()
                reply = handler.refusal_reply(request, refused, body)
        return handler.with_common_headers(request, reply), slot

    def close(self) -> None:
        """Close idle connections; a later request opens new ones."""
        local = self._local.get()
        with local.lock:
            transport, local.transport = local.transport, None
            redis, local.redis = local.redis, None
        if transport:
            transport.close()
        if redis:
            redis.close()

    def redis_answers(self) -> bool | None:
        """Return True if Redis works now; None without a Redis."""
        local = self._local.get()
        with local.lock:
            stores = self._stores(local)
        return stores.ping() if isinstance(stores, RedisThreads) else None

    def _driver(self, slot: Slot) -> ProxyThreadDriver:
        local = self._local.get()
        with local.lock:
            if local.transport is None:
                local.transport = self._transport()
            return ProxyThreadDriver(
                local.transport.send, self._stores(local), local.single_flights, slot
            )

    def _stores(self, local: _Local) -> Stores | RedisThreads:
        policy = self.handlers.policy
        if policy.redis and local.redis is None:
            local.redis = RedisThreads(self.handlers.calls.upstream, policy, local.stores)
        return local.redis or local.stores


class _Local:
    """The stores, flows and connections of one process."""

    def __init__(self, policy: Policy) -> None:
        self.stores = Stores.of(policy)
        self.single_flights: dict[str, Future[Any]] = {}
        self.transport: ThreadTransport | None = None
        self.redis: RedisThreads | None = None
        self.lock = threading.Lock()


class WsgiProxy(ThreadProxy):
    """A WSGI application that answers calls at every path, and uploads at paths that end in `/upload`.

    `authenticator` gets the environ.
    """

    def __init__(
        self,
        handlers: Handlers,
        transport: Callable[[], ThreadTransport],
        authenticator: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__(handlers, transport)
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
        # A server's stream may block if more is read than the Content-Length.
        length = environ.get("CONTENT_LENGTH") or "0"
        if environ.get("wsgi.input_terminated"):
            length = str(self.handlers.policy.max_body + 1)
        content: bytes = environ["wsgi.input"].read(int(length))
        return content


class _Body:
    """A body that releases its request's slot when the server has sent or dropped it."""

    def __init__(self, content: bytes, slot: Slot) -> None:
        self._content = content
        self._slot = slot

    def __iter__(self) -> Iterator[bytes]:
        yield self._content

    def close(self) -> None:
        self._slot.release()


def request_of(environ: Environ) -> ProxyRequest:
    """Return the request in a WSGI environ."""
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
    """Raise `Refusal` (411) for a chunked body if the server does not decode it."""
    if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("wsgi.input_terminated"):
        raise Refusal(411, "the body needs a Content-Length header")


def _read(body: Callable[[], bytes]) -> bytes:
    try:
        return body()
    except OSError:
        raise Refusal(400, "the body is truncated or malformed") from None


def _admit(authenticate: Callable[[], Any] | None) -> Visitor | None:
    if authenticate is None:
        return None
    try:
        result = authenticate()
        return visitor_of(asyncio.run(result) if inspect.iscoroutine(result) else result)
    except FlickrError as error:
        raise refusal_for_error(error) from None
