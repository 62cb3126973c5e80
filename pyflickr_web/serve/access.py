"""The access log of a server: a line for each request, without secrets."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, TextIO

from pyflickr_web.proxy.adapters.asgi import Receive, Scope, Send
from pyflickr_web.proxy.calls.rates import LONGEST_ADDRESS

# Seconds to collect lines before they are written together.
DELAY = 0.05


class AccessLog:
    """ASGI middleware that logs each answer: time, client, verb, path, status, milliseconds.

    Queries are not logged, because clients put keys into them.
    """

    def __init__(
        self, app: Callable[[Scope, Receive, Send], Awaitable[None]], output: TextIO
    ) -> None:
        self._app = app
        self._output = output
        self._lines: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            try:
                return await self._app(scope, receive, send)
            finally:
                self._write()
        start = time.perf_counter()
        status = 0

        async def record_status(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, record_status)
        finally:
            client = scope.get("client") or ("-",)
            milliseconds = (time.perf_counter() - start) * 1000
            # A path may contain line ends, and a query after a quoted question mark.
            path = ascii(scope["path"].partition("?")[0])
            self._add(
                f"{printable_address(client[0])} {scope['method']} {path} {status} {milliseconds:.1f}"
            )

    def _add(self, line: str) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_later(DELAY, self._write)
        self._lines.append(f"{_timestamp(int(time.time()))} {line}\n")

    def _write(self) -> None:
        lines, self._lines = self._lines, []
        self._output.write("".join(lines))
        self._output.flush()


@lru_cache(maxsize=1)
def _timestamp(seconds: int) -> str:
    """Format a time in the time zone of this machine."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def printable_address(client: str) -> str:
    """Return a network address without its zone, or `-` if it is invalid.

    A server in front may pass on any string as an address, or as the zone after `%`.
    """
    return _address_or_dash(client[:LONGEST_ADDRESS].partition("%")[0])


@lru_cache(maxsize=1024)
def _address_or_dash(client: str) -> str:
    try:
        return str(ipaddress.ip_address(client))
    except ValueError:
        return "-"
