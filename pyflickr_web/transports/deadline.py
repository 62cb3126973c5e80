"""Limits of an answer's whole time, for requests: its own limit is on the silence between two pieces, so
that a server which sends a byte now and then is never too late."""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from pyflickr_web.transports.limits import WINDOW, LowestRate


class DeadlineAdapter(HTTPAdapter):
    """As `HTTPAdapter`; a request's read timeout is for its answer's head and body together.

    `gap` limits the seconds of silence, too. With `long_bodies` a body has a lowest rate in place of
    the read timeout.
    """

    def __init__(
        self, *args: Any, gap: float | None = None, long_bodies: bool = False, **settings: Any
    ) -> None:
        # What follows makes the pools.
        self._pools = _pools(gap, long_bodies)
        super().__init__(*args, **settings)

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        super().init_poolmanager(*args, **settings)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **settings: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(*args, **settings)
        manager.pool_classes_by_scheme = self._pools
        return manager


class _Raw(io.RawIOBase):
    """Bytes from a socket, up to a moment or at a lowest rate; then `TimeoutError`."""

    def __init__(
        self, raw: io.RawIOBase, sock: socket.socket, end: float, gap: float | None
    ) -> None:
        self._raw = raw
        self._sock = sock
        self._end = end
        self._gap = gap
        self._rate: LowestRate | None = None

    def measure_rate(self) -> None:
        """Limit the rate from here on, and no longer the whole time."""
        self._rate = LowestRate()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        start = time.monotonic()
        left = WINDOW if self._rate else self._end - start
        if left <= 0:
            raise TimeoutError("the answer is not there in time")
        self._sock.settimeout(left if self._gap is None else min(left, self._gap))
        count: int | None = self._raw.readinto(buffer)
        if self._rate:
            self._rate.add(count or 0, time.monotonic() - start)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(HTTPResponse):
    gap: float | None
    long_bodies: bool

    def __init__(self, sock: socket.socket, *args: Any, **settings: Any) -> None:
        super().__init__(sock, *args, **settings)
        # The time that is left for reading, when the request has been sent.
        timeout = sock.gettimeout()
        self._limited: _Raw | None = None
        if timeout is not None:
            raw: Any = self.fp.detach()
            self._limited = _Raw(raw, sock, time.monotonic() + timeout, self.gap)
            self.fp = io.BufferedReader(self._limited)

    def begin(self) -> None:
        super().begin()
        if self.long_bodies and self._limited:
            self._limited.measure_rate()


def _pools(gap: float | None, long_bodies: bool) -> dict[str, type[HTTPConnectionPool]]:
    """Pools by their scheme, whose connections limit answers."""
    limits = {"gap": gap, "long_bodies": long_bodies}
    answer = type("Answer", (_Answer,), limits)
    plain = type("Plain", (HTTPConnection,), {"response_class": answer})
    tls = type("Tls", (HTTPSConnection,), {"response_class": answer})
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }
