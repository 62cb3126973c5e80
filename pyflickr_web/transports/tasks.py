"""Sends requests by aiohttp, from the tasks of one event loop."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp import ClientHandlerType, ClientMiddlewareType, ClientRequest, ClientResponse
from yarl import URL

from pyflickr_web.core.flow import Request, Response
from pyflickr_web.drivers.pace import Pace
from pyflickr_web.oauth.signing import prepare
from pyflickr_web.transports.limited import BodyReader, read_body
from pyflickr_web.transports.limits import WINDOW, Limits, LowestRate
from pyflickr_web.transports.message import (
    LOGIN_HEADERS,
    FileRequest,
    FileResponse,
    Late,
    NoAnswer,
    TooLong,
    Unsent,
    Whole,
    WholeRequest,
    to_message,
)
from pyflickr_web.transports.pooled import PooledForms, knows_aiohttp
from pyflickr_web.transports.saving import Saving, TooLarge
from pyflickr_web.transports.sending import Sending
from pyflickr_web.transports.settings import tls_context
from pyflickr_web.transports.stream import StreamRequest, headers
from pyflickr_web.transports.trouble import NO_FILES, cause_of, why

# Seconds to connect, and between two pieces of an answer.
TIMEOUT = (10.0, 60.0)
POOL = 100
PIECE = 256 * 1024
# For requests whose whole time is limited beside it, which takes less than a limit of aiohttp's.
_CONNECT = aiohttp.ClientTimeout(sock_connect=TIMEOUT[0])


class TaskTransport:
    """Sends messages over pooled connections; `settings` are named as those of `requests.request`:
    `timeout`, `headers`, `proxies`, `verify` and `cert`."""

    def __init__(
        self, pace: Pace, settings: Mapping[str, Any], limits: Limits | None = None
    ) -> None:
        self._pace = pace
        self._limits = limits or Limits()
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        self._streams: aiohttp.ClientSession | None = None
        # First come, first served: in aiohttp's own queue who comes at the right moment goes before
        # those who wait.
        self._room = asyncio.Semaphore(POOL)
        self._ways: dict[str, PooledForms | _SessionForms] = {}
        self._bodies = BodyReader()

    async def send(self, request: Request) -> Response:
        """The answer to a request; `Unsent` where no connection was made, another `NoAnswer` where none
        came."""
        # Flickr counts calls, and not photos' files.
        of_file = isinstance(request, FileRequest)
        if not of_file and (delay := self._pace.wait(time.monotonic())):
            await asyncio.sleep(delay)
        if isinstance(request, StreamRequest):
            return await self._streamed(request)
        try:
            if isinstance(request, WholeRequest):
                return await self._whole(request)
            async with self._room:
                if isinstance(request, FileRequest):
                    return await self._file(request)
                return await self._text(request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Unsent(_why(error), cause_of(error))
        except TimeoutError as error:
            return Late(cause_of(error))
        except (aiohttp.ClientError, ConnectionError, ValueError) as error:
            return NoAnswer(_why(error), cause_of(error))
        except OSError as error:
            # So Python tells that a file of certificates is gone.
            return NoAnswer(NO_FILES, cause_of(error))

    async def _text(self, request: Request) -> Response:
        async with (
            asyncio.timeout(self._limits.deadline),
            await self._answer(request) as answer,
        ):
            body = await read_body(answer.content, self._limits.max_answer)
            if body is None:
                return TooLong(self._limits.max_answer, "max_answer")
            text = body.decode("utf-8", "replace")
            return Response(answer.status, text, answer.headers.get("Retry-After"))

    async def _file(self, request: FileRequest) -> Response:
        longest = self._limits.max_download
        # The body may take its time.
        async with asyncio.timeout(self._limits.deadline):
            answer = await self._answer(request)
        try:
            async with answer:
                if answer.status == 200:
                    await _save(answer, Saving(request.target, longest))
                headers = answer.headers
                return FileResponse(
                    answer.status, headers.get("Retry-After"), headers.get("Location")
                )
        except TooLarge:
            return TooLong(longest, "max_download")

    async def _answer(self, request: Request) -> ClientResponse:
        """The answer to a request, whose body is to come yet."""
        message = to_message(request)
        return await self._open().request(
            message.verb,
            URL(message.url, encoded=True),
            data=message.body,
            allow_redirects=False,
            proxy=self._proxy(message.url),
            middlewares=(_signing(request),),
        )

    async def _whole(self, request: WholeRequest) -> Response:
        message = prepare(request)
        body = (message.body or "").encode()
        async with asyncio.timeout(request.timeout), self._room:
            way = self._way(message.url)
            return await way.post(message.headers, body, request.longest, _CONNECT)

    async def _streamed(self, request: StreamRequest) -> Response:
        sending = Sending(request.streamed, request.timeout)
        try:
            async with (
                sending.limit,
                self._open_streams().request(
                    "POST",
                    URL(request.url, encoded=True),
                    data=sending.pieces(),
                    headers=headers(request),
                    allow_redirects=False,
                    proxy=self._proxy(request.url),
                    timeout=aiohttp.ClientTimeout(
                        sock_connect=min(request.timeout, TIMEOUT[0]), sock_read=request.timeout
                    ),
                ) as answer,
            ):
                return await _whole(answer, self._bodies, request.longest)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Unsent(_why(error), cause_of(error))
        except TimeoutError as error:
            return sending.unanswered(Late(cause_of(error)))
        except (aiohttp.ClientError, ConnectionError) as error:
            return sending.unanswered(NoAnswer(_why(error), cause_of(error)))
        except OSError as error:
            return sending.unanswered(NoAnswer(NO_FILES, cause_of(error)))

    async def close(self) -> None:
        """Close the connections that are kept."""
        for session in (self._session, self._streams):
            if session:
                await session.close()
        self._session = self._streams = None
        self._ways.clear()

    def _way(self, url: str) -> PooledForms | _SessionForms:
        # Reading the environment takes longer than all the rest; these go to few addresses.
        if url not in self._ways:
            session, address, proxy = self._open(), URL(url, encoded=True), self._proxy(url)
            if proxy or not knows_aiohttp():
                self._ways[url] = _SessionForms(session, address, self._bodies, proxy)
            else:
                self._ways[url] = PooledForms(session, address, self._bodies)
        return self._ways[url]

    def _open(self) -> aiohttp.ClientSession:
        # A session belongs to the loop that runs when it is made, so it is made with the first call.
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=POOL, ssl=_tls(self._settings))
            self._session = self._session_on(connector)
        return self._session

    def _open_streams(self) -> aiohttp.ClientSession:
        # A stream holds a connection for long, and cannot be sent again on another where one that was
        # kept is closed by now.
        if self._streams is None:
            connector = aiohttp.TCPConnector(limit=0, force_close=True, ssl=_tls(self._settings))
            self._streams = self._session_on(connector)
        return self._streams

    def _session_on(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        connect, read = _timeouts(self._settings.get("timeout", TIMEOUT))
        return aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(sock_connect=connect, sock_read=read),
            headers=self._settings.get("headers"),
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    def _proxy(self, url: str) -> str | None:
        parts = urlsplit(url)
        # aiohttp's own reading of the environment would take passwords from .netrc too.
        found = {} if proxy_bypass(parts.hostname or "") else getproxies()
        proxies = found | dict(self._settings.get("proxies") or {})
        return proxies.get(parts.scheme) or proxies.get("all")


class _SessionForms:
    """As `PooledForms`, by a session: through a proxy, and with any aiohttp."""

    def __init__(
        self, session: aiohttp.ClientSession, url: URL, bodies: BodyReader, proxy: str | None
    ) -> None:
        self._session = session
        self._url = url
        self._bodies = bodies
        self._proxy = proxy

    async def post(
        self, headers: Mapping[str, str], body: bytes, longest: int, timeout: aiohttp.ClientTimeout
    ) -> Whole:
        async with self._session.post(
            self._url,
            data=body,
            headers=headers,
            allow_redirects=False,
            proxy=self._proxy,
            timeout=timeout,
        ) as answer:
            return await _whole(answer, self._bodies, longest)


def _signing(request: Request) -> ClientMiddlewareType:
    """Signs anew also where aiohttp by itself sends again, as it does with a GET on a connection that
    was kept too long: Flickr takes a nonce once."""

    async def sign(sent: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if isinstance(request, FileRequest) and request.foreign:
            for name in LOGIN_HEADERS:
                sent.headers.popall(name, None)
        sent.headers.update(prepare(request).headers)
        return await handler(sent)

    return sign


async def _save(answer: ClientResponse, saving: Saving) -> None:
    """Write the body of an answer."""
    rate = LowestRate()
    with saving:
        saving.expect(answer.content_length)
        while True:
            start = time.monotonic()
            async with asyncio.timeout(WINDOW):
                piece = await answer.content.read(PIECE)
            if not piece:
                break
            rate.add(len(piece), time.monotonic() - start)
            await asyncio.to_thread(saving.write, piece)
        # What is on the disk by then does not hold up the loop when the file is closed.
        await asyncio.to_thread(saving.sync)


async def _whole(answer: ClientResponse, bodies: BodyReader, longest: int) -> Whole:
    body = await bodies.read(answer.headers, answer.content, longest)
    return Whole(answer.status, body, answer.headers.get("Retry-After"))


def _why(error: Exception) -> str:
    proxied = aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError
    return why(error, at_proxy=isinstance(error, proxied))


def _timeouts(given: Any) -> tuple[float | None, float | None]:
    """Connect and read, of what requests takes as `timeout`: a number, a pair or None."""
    connect, read = given if isinstance(given, tuple) else (given, given)
    return connect, read


def _tls(settings: Mapping[str, Any]) -> ssl.SSLContext | bool:
    """What `verify` and `cert` of requests are to aiohttp."""
    return tls_context(settings) or settings.get("verify") is not False
