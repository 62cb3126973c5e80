"""Send forms over the connections of aiohttp's pool, with its parser but without its session.

A session's work for cookies, redirects, middleware and traces takes longer than the rest of a call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
from aiohttp import ClientRequest, ClientResponse
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDict
from yarl import URL

from pyflickr_web.transports.bodies import BodyReader
from pyflickr_web.transports.message import FORM, RawResponse

# aiohttp does not document its connections and parser: later versions may change them.
_SUPPORTED = ((3, 12), (3, 15))
_UNSIGNED = {"Content-Type": FORM}


def supports_aiohttp(version: str = aiohttp.__version__) -> bool:
    """Return True if `PooledForms` can use the connections of this version of aiohttp."""
    release = tuple(int(part) for part in version.split(".")[:2])
    return _SUPPORTED[0] <= release < _SUPPORTED[1]


class PooledForms:
    """Sends forms to one address, over the connections of a session and with its headers.

    It follows no redirects and retries nothing.
    """

    def __init__(self, session: aiohttp.ClientSession, url: URL, bodies: BodyReader) -> None:
        assert session.connector is not None
        self._bodies = bodies
        self._connector = session.connector
        # It is never sent: it holds the address for connections, and the headers.
        self._target = ClientRequest(
            "POST", url, headers=session.headers, loop=asyncio.get_running_loop(), session=session
        )
        # Most requests are unsigned; their heads only differ in the length.
        self._unsigned = self._build_head(_UNSIGNED)

    async def post(
        self, headers: Mapping[str, str], body: bytes, longest: int, timeout: aiohttp.ClientTimeout
    ) -> RawResponse:
        """Send a body and return the answer, up to `longest` bytes; raise `aiohttp.ClientError`.

        `timeout` limits the time to connect.
        """
        head = self._unsigned if headers == _UNSIGNED else self._build_head(headers)
        sent = b"%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body)
        try:
            connection = await self._connector.connect(self._target, [], timeout)
        except TimeoutError as error:
            raise aiohttp.ConnectionTimeoutError from error
        try:
            protocol = connection.protocol
            assert protocol is not None
            assert protocol.transport is not None
            protocol.set_response_params(read_until_eof=True)
            protocol.transport.write(sent)
            message, content = await protocol.read()
            # Interim responses come before the final one (RFC 9110, section 15.2).
            while 100 <= message.code < 200 and message.code != 101:
                message, content = await protocol.read()
            whole = await self._bodies.read(message.headers, content, longest)
            connection.release()
            return RawResponse(message.code, whole, message.headers.get("Retry-After"))
        except HttpProcessingError as error:
            raise aiohttp.ClientPayloadError from error
        finally:
            # If it was not released, data of this call may still arrive.
            connection.close()

    def _build_head(self, headers: Mapping[str, str]) -> bytes:
        """Return the head of a request, without `Content-Length`."""
        all_headers = CIMultiDict(self._target.headers)
        all_headers.update(headers)
        all_headers.pop("Content-Length", None)
        lines = [f"POST {self._target.url.raw_path_qs} HTTP/1.1"]
        lines += [f"{name}: {text}" for name, text in all_headers.items()]
        if any(end in line for line in lines for end in "\r\n"):
            raise ValueError("a header contains a line break")
        return "".join(f"{line}\r\n" for line in lines).encode()


class SessionForms:
    """Sends forms through a session: for HTTP proxies, and for unsupported versions of aiohttp."""

    def __init__(
        self, session: aiohttp.ClientSession, url: URL, bodies: BodyReader, proxy: str | None
    ) -> None:
        self._session = session
        self._url = url
        self._bodies = bodies
        self._proxy = proxy

    async def post(
        self, headers: Mapping[str, str], body: bytes, longest: int, timeout: aiohttp.ClientTimeout
    ) -> RawResponse:
        async with self._session.post(
            self._url,
            data=body,
            headers=headers,
            allow_redirects=False,
            proxy=self._proxy,
            timeout=timeout,
        ) as answer:
            return await read_raw_response(answer, self._bodies, longest)


async def read_raw_response(
    answer: ClientResponse, bodies: BodyReader, longest: int
) -> RawResponse:
    body = await bodies.read(answer.headers, answer.content, longest)
    return RawResponse(answer.status, body, answer.headers.get("Retry-After"))
