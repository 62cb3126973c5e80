"""Run flows in tasks of an event loop, and send their requests with aiohttp."""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp import ClientHandlerType, ClientMiddlewareType, ClientRequest, ClientResponse
from yarl import URL

from pyflickr_web.core.flow import BlockingEffect, Request, Response, Sleep, run
from pyflickr_web.core.paging import AsyncListing
from pyflickr_web.transports.blocking import WaitingEffect, call_in_thread
from pyflickr_web.transports.bodies import BodyReader, StreamSender, read_body
from pyflickr_web.transports.failures import (
    UNREADABLE_FILES,
    AnswerTooLong,
    ConnectionLost,
    DeadlineExceeded,
    NotSent,
    RequestFailure,
    describe_error,
    find_cause,
)
from pyflickr_web.transports.gather import Gather
from pyflickr_web.transports.limits import WINDOW, Limits, LowestRate, Pace
from pyflickr_web.transports.message import (
    DEFAULT_OPTIONS,
    LOGIN_HEADERS,
    BytesSink,
    FileResponse,
    FileSink,
    FileTooLarge,
    Message,
    SendOptions,
    to_message,
)
from pyflickr_web.transports.pool import (
    PooledForms,
    SessionForms,
    read_raw_response,
    supports_aiohttp,
)
from pyflickr_web.transports.settings import tls_context
from pyflickr_web.transports.signing import prepare_headers, sign
from pyflickr_web.transports.stream import StreamBody

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow

# Seconds to connect, and between two pieces of an answer.
TIMEOUT = (10.0, 60.0)
POOL = 100
PIECE = 256 * 1024
# For requests whose total time `asyncio.timeout` limits: aiohttp's own limit is slower.
_CONNECT = aiohttp.ClientTimeout(sock_connect=TIMEOUT[0])
Send = Callable[[Request], Awaitable[Response | None]]


class TaskDriver:
    """Runs flows; `send` sends their requests."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def run(self, flow: Flow) -> Any:
        """Run a flow to its end, or to the next list that it yields."""
        return await run(flow, self._perform)

    def iterate(self, flow: Flow) -> AsyncListing:
        """Iterate over the items of a listing; each page is requested when it is needed."""
        return AsyncListing(flow, self.run)

    async def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Sleep):
            # `Retry-After` may be negative.
            await asyncio.sleep(max(0.0, random.uniform(effect.least, effect.most)))
            return None
        if isinstance(effect, WaitingEffect):
            return await asyncio.to_thread(effect.perform)
        if isinstance(effect, BlockingEffect):
            return await call_in_thread(effect.perform)
        if isinstance(effect, Gather):
            return await gather_in_tasks(effect, self.run)
        return await self._send(effect)


async def gather_in_tasks(gather: Gather, run: Callable[[Flow], Awaitable[Any]]) -> list[Any]:
    """Perform the effect in new tasks; `run` runs a flow."""
    flows = enumerate(gather.flows)
    results: dict[int, Any] = {}

    async def work() -> None:
        for index, flow in flows:
            try:
                results[index] = await run(flow)
            finally:
                flow.close()
            gather.on_result()

    error = None
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(gather.count_workers()):
                group.create_task(work())
    except BaseExceptionGroup as errors:
        error = errors.exceptions[0]
    if error:
        raise error
    return [results[index] for index in range(len(results))]


class TaskTransport:
    """Sends messages over pooled connections; `settings` are named as in `requests.request`."""

    def __init__(
        self, pace: Pace | None, settings: Mapping[str, Any], limits: Limits | None = None
    ) -> None:
        self._pace = pace
        self._limits = limits or Limits()
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        # First come, first served: in aiohttp's own queue a late request can overtake waiting ones.
        self._slots = asyncio.Semaphore(POOL)
        self._forms: dict[str, PooledForms | SessionForms] = {}
        self._bodies = BodyReader()

    async def send(self, request: Request) -> Response:
        """Return the answer to a request, or a `RequestFailure`; `NotSent` if connecting failed."""
        options: SendOptions = request.options or DEFAULT_OPTIONS
        # Flickr counts calls, not downloads of files.
        pace = None if isinstance(options.sink, FileSink) else self._pace
        if pace and (delay := pace.wait(time.monotonic())):
            await asyncio.sleep(delay)
        if isinstance(request.body, StreamBody):
            return await self._send_stream(request, request.body, options)
        try:
            deadline = self._limits.deadline if options.timeout is None else None
            # The wait for a slot only counts for a request that has a timeout of its own.
            async with (
                asyncio.timeout(options.timeout),
                self._slots,
                asyncio.timeout(deadline) as limit,
            ):
                return await self._send_pooled(request, options, limit)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _to_failure(error)

    async def _send_pooled(
        self, request: Request, options: SendOptions, limit: asyncio.Timeout
    ) -> Response:
        message = to_message(request)
        sink = options.sink
        if isinstance(sink, BytesSink) and message.body is not None:
            if options.signer:
                message = sign(message, options.signer)
            forms, body = self._forms_for(message.url), (message.body or "").encode()
            return await forms.post(message.headers, body, sink.longest, _CONNECT)
        async with self._open().request(
            message.verb,
            URL(message.url, encoded=True),
            data=message.body,
            headers=options.headers or None,
            allow_redirects=False,
            proxy=self._proxy(message.url),
            middlewares=(_make_signing_middleware(message, options),),
        ) as answer:
            # The deadline does not include the body of a file.
            if isinstance(sink, FileSink) and not limit.expired():
                limit.reschedule(None)
            return await self._read_answer(answer, sink)

    async def _read_answer(
        self, answer: ClientResponse, sink: BytesSink | FileSink | None
    ) -> Response:
        retry_after = answer.headers.get("Retry-After")
        if isinstance(sink, BytesSink):
            return await read_raw_response(answer, self._bodies, sink.longest)
        if isinstance(sink, FileSink):
            try:
                if sink.accepts(answer.status, answer.headers):
                    await _save_body(answer, sink)
            except FileTooLarge as error:
                return AnswerTooLong(f"{error.longest} bytes, the limit set by max_download")
            return FileResponse(answer.status, retry_after, answer.headers.get("Location"))
        body = await read_body(answer.content, self._limits.max_answer)
        if body is None:
            limit = self._limits.max_answer
            return AnswerTooLong(f"{limit} bytes, the limit set by max_answer")
        return Response(answer.status, body.decode("utf-8", "replace"), retry_after)

    async def _send_stream(
        self, request: Request, stream: StreamBody, options: SendOptions
    ) -> Response:
        timeout = self._limits.deadline if options.timeout is None else options.timeout
        sending = StreamSender(stream, timeout)
        try:
            async with (
                sending.limit,
                self._open_for_stream() as session,
                session.request(
                    "POST",
                    URL(request.url, encoded=True),
                    data=sending.pieces(),
                    headers=prepare_headers(request, stream),
                    allow_redirects=False,
                    proxy=self._proxy(request.url),
                    timeout=aiohttp.ClientTimeout(
                        sock_connect=min(timeout, TIMEOUT[0]), sock_read=timeout
                    ),
                ) as answer,
            ):
                return await self._read_answer(answer, options.sink)
        except (aiohttp.ClientError, OSError) as error:
            return sending.raise_or_return(_to_failure(error))

    async def close(self) -> None:
        """Close the connections that are kept."""
        if self._session:
            await self._session.close()
        self._session = None
        self._forms.clear()

    def _forms_for(self, url: str) -> PooledForms | SessionForms:
        # Cached, because reading the environment is slow; there are few addresses.
        if url not in self._forms:
            session, address, proxy = self._open(), URL(url, encoded=True), self._proxy(url)
            if proxy or not supports_aiohttp():
                self._forms[url] = SessionForms(session, address, self._bodies, proxy)
            else:
                self._forms[url] = PooledForms(session, address, self._bodies)
        return self._forms[url]

    def _open(self) -> aiohttp.ClientSession:
        # Created at the first call, because a session belongs to the running loop.
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=POOL, ssl=_to_ssl_setting(self._settings))
            self._session = self._session_on(connector)
        return self._session

    @asynccontextmanager
    async def _open_for_stream(self) -> AsyncIterator[aiohttp.ClientSession]:
        """Open a session for one stream, which cannot be resent if a kept connection is stale."""
        connector = aiohttp.TCPConnector(ssl=_to_ssl_setting(self._settings))
        async with self._session_on(connector) as session:
            try:
                yield session
            finally:
                # Otherwise TLS waits for the other side to close, too.
                await connector.close(abort_ssl=True)

    def _session_on(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        connect, read = _split_timeout(self._settings.get("timeout", TIMEOUT))
        return aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(sock_connect=connect, sock_read=read),
            headers=self._settings.get("headers"),
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    def _proxy(self, url: str) -> str | None:
        parts = urlsplit(url)
        # aiohttp's `trust_env` would also read passwords from .netrc.
        found = {} if proxy_bypass(parts.hostname or "") else getproxies()
        proxies = found | dict(self._settings.get("proxies") or {})
        return proxies.get(parts.scheme) or proxies.get("all")


def _make_signing_middleware(message: Message, options: SendOptions) -> ClientMiddlewareType:
    """Return a middleware that signs each attempt: Flickr accepts a nonce once.

    aiohttp itself resends a GET if a kept connection is stale.
    """

    async def sign_attempt(sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if options.foreign:
            for name in LOGIN_HEADERS:
                sent.headers.popall(name, None)
        signed = sign(message, options.signer) if options.signer else message
        sent.headers.update(signed.headers)
        return await handler(sent)

    return sign_attempt


async def _save_body(answer: ClientResponse, sink: FileSink) -> None:
    """Write the body of an answer."""
    rate = LowestRate()
    async with _open_in_thread(sink):
        while True:
            start = time.monotonic()
            async with asyncio.timeout(WINDOW):
                piece = await answer.content.read(PIECE)
            if not piece:
                break
            rate.add(len(piece), time.monotonic() - start)
            await call_in_thread(partial(sink.write, piece))


@asynccontextmanager
async def _open_in_thread(sink: FileSink) -> AsyncIterator[None]:
    """Open a file, and close it at the end, in threads: both may wait for the disk."""
    with ExitStack() as stack:
        await call_in_thread(partial(stack.enter_context, sink))
        try:
            yield
        except BaseException as error:
            await call_in_thread(partial(stack.__exit__, type(error), error, error.__traceback__))
            raise
        await call_in_thread(stack.close)


def _to_failure(error: Exception) -> RequestFailure:
    """Convert an error of aiohttp or of the system to a failure."""
    cause = find_cause(error)
    proxied = aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError
    reason = describe_error(error, at_proxy=isinstance(error, proxied))
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return NotSent(reason, cause)
    if isinstance(error, TimeoutError):
        return DeadlineExceeded(cause)
    if isinstance(error, (aiohttp.ClientError, ConnectionError, ValueError)):
        return ConnectionLost(reason, cause)
    # The only other error of the system is a missing certificate file.
    return ConnectionLost(UNREADABLE_FILES, cause)


def _split_timeout(given: Any) -> tuple[float | None, float | None]:
    """Return the connect and read timeouts of a number, a pair or None, as in requests."""
    connect, read = given if isinstance(given, tuple) else (given, given)
    return connect, read


def _to_ssl_setting(settings: Mapping[str, Any]) -> ssl.SSLContext | bool:
    """Convert `verify` and `cert` of requests to aiohttp's `ssl`."""
    return tls_context(settings) or settings.get("verify") is not False
