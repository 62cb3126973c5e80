"""Limits the requests of a connection: uvicorn would wait for the end of a head for ever, keep all of
it, and parse any number of requests before it answers the first."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pyflickr_web.serve import limits
from pyflickr_web.serve.joining import Joining
from pyflickr_web.serve.write_timeout import WriteTimeout


class HeadTimeoutProtocol(WriteTimeout, HttpToolsProtocol):
    """uvicorn's own; it limits the time between a request's first byte and its start, all that comes
    beside its body, and the requests that wait for their answers. Its answers' heads go out together
    with their bodies."""

    _late: asyncio.TimerHandle | None = None
    _came = 0
    _of_body = 0
    _has_too_many = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._joining = Joining(transport)
        self.transport = cast("asyncio.Transport", self._joining)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._has_too_many:
            return
        self._came += len(data)
        super().data_received(data)
        if self._came > limits.MAX_HEAD + (1 + limits.MAX_CHUNK_OVERHEAD) * self._of_body:
            self.transport.abort()
        elif self.cycle is None or self.cycle.response_complete:
            self._wait()
        elif self._late:
            self._late.cancel()
            self._late = None

    def on_message_begin(self) -> None:
        # One of them is being answered.
        if len(self.pipeline) >= limits.MAX_PIPELINED - 1:
            self._has_too_many = True
            # The parser stops at an error alone.
            raise ConnectionAbortedError
        super().on_message_begin()
        self._came = self._of_body = 0

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._of_body += len(body)

    def on_response_complete(self) -> None:
        self._joining.end()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        if self._has_too_many:
            # Answers what waits, and closes the connection then.
            self.shutdown()
        else:
            super().send_400_response(msg)

    def connection_lost(self, error: Exception | None) -> None:
        if self._late:
            self._late.cancel()
        super().connection_lost(error)

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(limits.HEAD_TIMEOUT, self.transport.abort)
