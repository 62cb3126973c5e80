"""A protocol with the limits of `serve` for any version of uvicorn.

Of uvicorn's protocol on h11, it only uses the methods of `asyncio.Protocol`.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from pyflickr_web.serve import limits
from pyflickr_web.serve.limits import WriteTimeout

_END = re.compile(rb"\n\r?\n")
_BEFORE_END = 3


class SingleRequestProtocol(WriteTimeout, H11Protocol):
    """uvicorn's protocol on h11, with a limit on the time for a connection's first head.

    h11 itself limits the length of heads. The server must close each connection after one answer.
    """

    _head_timer: asyncio.TimerHandle | None = None
    _tail = b""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._head_timer = asyncio.get_running_loop().call_later(
            limits.HEAD_TIMEOUT, transport.abort
        )

    def data_received(self, data: bytes) -> None:
        if self._head_timer:
            self._look_for_end(data)
        super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._stop_head_timer()
        super().connection_lost(error)

    def _look_for_end(self, data: bytes) -> None:
        data = self._tail + data
        if _END.search(data):
            self._stop_head_timer()
        self._tail = data[-_BEFORE_END:]

    def _stop_head_timer(self) -> None:
        if self._head_timer:
            self._head_timer.cancel()
            self._head_timer = None
