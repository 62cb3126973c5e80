"""Send a response's head and the start of its body in one write.

uvicorn writes each by itself, which takes two system calls and wakes the client twice.
"""

from __future__ import annotations

import asyncio
from typing import Any

_INTERIM = b"HTTP/1.1 1"
# Up to this many bytes, a copy is faster than a separate write.
_SHORT = 64 * 1024


class HeadBuffer:
    """A wrapper of a transport that buffers a response's head until the next write.

    `end` marks the end of a response, with or without a body. Attributes that are not defined here are
    those of the transport.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        # True if the next write starts a response.
        self._begins = True
        # Called for each response, and faster than by `__getattr__`.
        self.is_closing = transport.is_closing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send part of a response, but buffer its head."""
        if self._head:
            self._send_with_head(data)
        elif self._begins and not data.startswith(_INTERIM):
            self._begins, self._head = False, data
        else:
            self._transport.write(data)

    def end(self) -> None:
        """Send the buffered head, and expect a new response."""
        self._begins = True
        if self._head:
            self._send_with_head(b"")

    def close(self) -> None:
        """Send the buffered head, and close."""
        self.end()
        self._transport.close()

    def _send_with_head(self, data: bytes) -> None:
        head, self._head = self._head, b""
        # Some transports raise an error if the client has disconnected.
        if self.is_closing():
            return
        if len(data) <= _SHORT:
            self._transport.write(head + data)
        else:
            # Not `writelines`: in asyncio's transports it ignores flow control (CVE-2024-12254).
            self._transport.write(head)
            self._transport.write(data)
