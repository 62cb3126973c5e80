"""Sessions of the library requests that limit the total time of an answer.

requests itself only limits the time between two pieces, so a server that sends a byte now and then never
times out.
"""

from __future__ import annotations

import io
import logging
import re
import socket
import time
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from pyflickr_web.transports.limits import WINDOW, LowestRate

POOL = 100
# Query parameters to hide in logs.
_HIDDEN = re.compile(r"\b(api_key|\w*token|frob|secret)=[^&\s]*")


class DeadlineAdapter(HTTPAdapter):
    """An `HTTPAdapter` whose read timeout limits the time of an answer's head and body together.

    `gap` also limits the seconds between two pieces. With `long_bodies`, bodies have a lowest rate
    instead of the read timeout.
    """

    def __init__(
        self, *args: Any, gap: float | None = None, long_bodies: bool = False, **settings: Any
    ) -> None:
        # The parent's `__init__` creates the pools.
        self._pools = _make_pools(gap, long_bodies)
        super().__init__(*args, **settings)

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        super().init_poolmanager(*args, **settings)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **settings: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(*args, **settings)
        manager.pool_classes_by_scheme = self._pools
        return manager


class _LimitedReader(io.RawIOBase):
    """Reads from a socket until a deadline, or at a lowest rate; raises `TimeoutError`."""

    def __init__(
        self, raw: io.RawIOBase, sock: socket.socket, end: float, gap: float | None
    ) -> None:
        self._raw = raw
        self._sock = sock
        self._end = end
        self._gap = gap
        self._rate: LowestRate | None = None

    def measure_rate(self) -> None:
        """Replace the deadline by the lowest rate."""
        self._rate = LowestRate()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        start = time.monotonic()
        left = WINDOW if self._rate else self._end - start
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left if self._gap is None else min(left, self._gap))
        count: int | None = self._raw.readinto(buffer)
        if self._rate:
            self._rate.add(count or 0, time.monotonic() - start)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _LimitedResponse(HTTPResponse):
    gap: float | None
    long_bodies: bool

    def __init__(self, sock: socket.socket, *args: Any, **settings: Any) -> None:
        super().__init__(sock, *args, **settings)
        # The read timeout, once the request has been sent.
        timeout = sock.gettimeout()
        self._limited: _LimitedReader | None = None
        if timeout is not None:
            raw: Any = self.fp.detach()
            self._limited = _LimitedReader(raw, sock, time.monotonic() + timeout, self.gap)
            self.fp = io.BufferedReader(self._limited)

    def begin(self) -> None:
        super().begin()
        if self.long_bodies and self._limited:
            self._limited.measure_rate()


def _make_pools(gap: float | None, long_bodies: bool) -> dict[str, type[HTTPConnectionPool]]:
    """Return pool classes by scheme, whose connections limit answers."""
    limits = {"gap": gap, "long_bodies": long_bodies}
    answer = type("Answer", (_LimitedResponse,), limits)
    plain = type("Plain", (HTTPConnection,), {"response_class": answer})
    tls = type("Tls", (HTTPSConnection,), {"response_class": answer})
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }


class Sessions:
    """The sessions of one process: for texts, raw responses and streams, and files."""

    def __init__(self, gap: float | None) -> None:
        self.texts = _make_session(gap=gap)
        self.raw = _make_session()
        self.files = _make_session(gap=min(gap or WINDOW, WINDOW), long_bodies=True)

    def close(self) -> None:
        for session in (self.texts, self.raw, self.files):
            session.close()


class _DirectSession(requests.Session):
    """A session that follows no redirects.

    With `allow_redirects=False` alone, requests still parses the target and reads the whole body.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _SecretFilter(logging.Filter):
    """Hides keys and tokens in the addresses that urllib3 logs at DEBUG."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _HIDDEN.sub(r"\1=…", arg) if isinstance(arg, str) else arg for arg in record.args
            )
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_SecretFilter())


def no_auth(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from replacing the signature by a login from .netrc."""
    return prepared


def _make_session(**limits: Any) -> requests.Session:
    session = _DirectSession()
    adapter = DeadlineAdapter(pool_connections=POOL, pool_maxsize=POOL, **limits)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    # Threads share a client: one caller's cookies must not be sent with another's calls.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
