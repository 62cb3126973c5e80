"""Sends a response's head and the beginning of its body at once: uvicorn hands over each by itself,
which would be two calls of the system, and would wake the other side twice."""

from __future__ import annotations

import asyncio
from typing import Any

_INTERIM = b"HTTP/1.1 1"
# Bytes that are copied sooner than they are sent by themselves.
_SHORT = 64 * 1024


class HeadBuffer:
    """A connection's transport, which holds a response's head until more comes.

    `end` tells that a response is whole, also where it has no body. All that uvicorn does with a
    transport beyond writing and closing is the transport's own.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        # Whether what comes next begins a response.
        self._begins = True
        # Asked with each response: `__getattr__` would take longer than the answer.
        self.is_closing = transport.is_closing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send what belongs to a response, its head alone excepted."""
        if self._head:
            self._send_with_head(data)
        elif self._begins and not data.startswith(_INTERIM):
            self._begins, self._head = False, data
        else:
            self._transport.write(data)

    def end(self) -> None:
        """Send what is held; what comes next begins a response."""
        self._begins = True
        if self._head:
            self._send_with_head(b"")

    def close(self) -> None:
        """Send what is held, and close."""
        self.end()
        self._transport.close()

    def _send_with_head(self, data: bytes) -> None:
        head, self._head = self._head, b""
        # Some transports fail where the other side has gone away.
        if self.is_closing():
            return
        if len(data) <= _SHORT:
            self._transport.write(head + data)
        else:
            # `writelines` of asyncio's own transports asks for no pause (CVE-2024-12254).
            self._transport.write(head)
            self._transport.write(data)
