"""An extension of uvicorn's protocol that limits the requests of a connection.

uvicorn itself waits for ever for the end of a head, keeps all of it, and parses any number of requests
before it answers the first.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pyflickr_web.serve import limits
from pyflickr_web.serve.head_buffer import HeadBuffer
from pyflickr_web.serve.limits import WriteTimeout


class HeadTimeoutProtocol(WriteTimeout, HttpToolsProtocol):
    """uvicorn's protocol on httptools, with limits on the time for a head, on bytes outside of bodies,
    and on pipelined requests.

    Trailers are not added to the headers. A response's head is sent together with its body.
    """

    _head_timer: asyncio.TimerHandle | None = None
    _received = 0
    _body_received = 0
    _is_full = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._head_buffer = HeadBuffer(transport)
        self.transport = cast("asyncio.Transport", self._head_buffer)
        self._start_head_timer()

    def data_received(self, data: bytes) -> None:
        if self._is_full:
            return
        self._received += len(data)
        super().data_received(data)
        if self._received > limits.MAX_HEAD + (1 + limits.MAX_CHUNK_OVERHEAD) * self._body_received:
            self.transport.abort()
        elif self.cycle is None or self.cycle.response_complete:
            self._start_head_timer()
        else:
            self._stop_head_timer()

    def on_message_begin(self) -> None:
        # The pipeline does not include the request that is being answered.
        if len(self.pipeline) >= limits.MAX_PIPELINED - 1:
            self._is_full = True
            # Only an error stops the parser.
            raise ConnectionAbortedError
        super().on_message_begin()
        self._received = self._body_received = 0

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        # A copy, because the parser appends trailers to its own list.
        self.scope["headers"] = self.headers.copy()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._body_received += len(body)

    def on_response_complete(self) -> None:
        self._head_buffer.end()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        if self._is_full:
            # Answer the pipelined requests, then close the connection.
            self.shutdown()
        else:
            super().send_400_response(msg)

    def connection_lost(self, error: Exception | None) -> None:
        self._stop_head_timer()
        super().connection_lost(error)

    def _start_head_timer(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(limits.HEAD_TIMEOUT, self.transport.abort)

    def _stop_head_timer(self) -> None:
        if self._head_timer:
            self._head_timer.cancel()
            self._head_timer = None
