"""Forms sent on the connections of aiohttp's pool and answered through its parser, without its session:
what that does for cookies, redirects, middleware and traces takes longer than all else of a call."""

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

# Connections and parser are no part of what aiohttp documents: a later one may have others.
_SUPPORTED = ((3, 12), (3, 15))
_UNSIGNED = {"Content-Type": FORM}


def supports_aiohttp(version: str = aiohttp.__version__) -> bool:
    """Return True for a version of aiohttp whose connections `PooledForms` can use."""
    release = tuple(int(part) for part in version.split(".")[:2])
    return _SUPPORTED[0] <= release < _SUPPORTED[1]


class PooledForms:
    """Sends forms to one address, on the connections of a session and with its headers.

    It follows no redirect, and sends nothing twice.
    """

    def __init__(self, session: aiohttp.ClientSession, url: URL, bodies: BodyReader) -> None:
        assert session.connector is not None
        self._bodies = bodies
        self._connector = session.connector
        # It is never sent: it says where connections go to, and which headers go there.
        self._target = ClientRequest(
            "POST", url, headers=session.headers, loop=asyncio.get_running_loop(), session=session
        )
        # Most are not signed, and have the same head but for the length.
        self._unsigned = self._build_head(_UNSIGNED)

    async def post(
        self, headers: Mapping[str, str], body: bytes, longest: int, timeout: aiohttp.ClientTimeout
    ) -> RawResponse:
        """The answer to a body, up to `longest` bytes of it; raises `aiohttp.ClientError`.

        `timeout` limits how long connecting takes.
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
            # An interim answer stands before the one that counts (RFC 9110, section 15.2).
            while 100 <= message.code < 200 and message.code != 101:
                message, content = await protocol.read()
            whole = await self._bodies.read(message.headers, content, longest)
            connection.release()
            return RawResponse(message.code, whole, message.headers.get("Retry-After"))
        except HttpProcessingError as error:
            raise aiohttp.ClientPayloadError from error
        finally:
            # Where it was not released, something of this call may come yet.
            connection.close()

    def _build_head(self, headers: Mapping[str, str]) -> bytes:
        """The head of a request, up to the length of its body."""
        all_headers = CIMultiDict(self._target.headers)
        all_headers.update(headers)
        all_headers.pop("Content-Length", None)
        lines = [f"POST {self._target.url.raw_path_qs} HTTP/1.1"]
        lines += [f"{name}: {text}" for name, text in all_headers.items()]
        if any(end in line for line in lines for end in "\r\n"):
            raise ValueError("a header holds a line break")
        return "".join(f"{line}\r\n" for line in lines).encode()


class SessionForms:
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
