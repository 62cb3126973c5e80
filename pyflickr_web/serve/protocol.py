"""Ends connections whose clients do not come to an end with a request's head: uvicorn would wait, and
keep all of it."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pyflickr_web.serve.joining import Joining

# Seconds in which a request's head must be there.
HEAD = 10.0
# Bytes that a request may have beside its body, in its head and behind its last chunk; and for each byte
# of the body, as a chunk has a head of its own.
LONGEST = 64 * 1024
BESIDE = 16


class HeadTimeoutProtocol(HttpToolsProtocol):
    """uvicorn's own; it limits the time between a request's first byte and its start, and all that comes
    beside its body. Its answers' heads go out together with their bodies."""

    _late: asyncio.TimerHandle | None = None
    _came = 0
    _of_body = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._joining = Joining(transport)
        self.transport = cast("asyncio.Transport", self._joining)
        self._wait()

    def data_received(self, data: bytes) -> None:
        self._came += len(data)
        super().data_received(data)
        if self._came > LONGEST + (1 + BESIDE) * self._of_body:
            self.transport.abort()
        elif self.cycle is None or self.cycle.response_complete:
            self._wait()
        elif self._late:
            self._late.cancel()
            self._late = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._came = self._of_body = 0

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._of_body += len(body)

    def on_response_complete(self) -> None:
        self._joining.end()
        super().on_response_complete()

    def connection_lost(self, error: Exception | None) -> None:
        if self._late:
            self._late.cancel()
        super().connection_lost(error)

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD, self.transport.abort)
