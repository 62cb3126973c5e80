"""Sessions of the library requests, which limit an answer's whole time: its own limit is on the silence
between two pieces, so that a server which sends a byte now and then is never too late."""

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
# What no log may tell of an address.
_HIDDEN = re.compile(r"\b(api_key|\w*token|frob|secret)=[^&\s]*")


class DeadlineAdapter(HTTPAdapter):
    """As `HTTPAdapter`; a request's read timeout is for its answer's head and body together.

    `gap` limits the seconds of silence, too. With `long_bodies` a body has a lowest rate in place of
    the read timeout.
    """

    def __init__(
        self, *args: Any, gap: float | None = None, long_bodies: bool = False, **settings: Any
    ) -> None:
        # What follows makes the pools.
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


class _LimitedResponse(HTTPResponse):
    gap: float | None
    long_bodies: bool

    def __init__(self, sock: socket.socket, *args: Any, **settings: Any) -> None:
        super().__init__(sock, *args, **settings)
        # The time that is left for reading, when the request has been sent.
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
    """Pools by their scheme, whose connections limit answers."""
    limits = {"gap": gap, "long_bodies": long_bodies}
    answer = type("Answer", (_LimitedResponse,), limits)
    plain = type("Plain", (HTTPConnection,), {"response_class": answer})
    tls = type("Tls", (HTTPSConnection,), {"response_class": answer})
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }


class Sessions:
    """The sessions of one process, by what they send and what they receive."""

    def __init__(self, gap: float | None) -> None:
        self.texts = _make_session(gap=gap)
        self.raw = _make_session()
        self.files = _make_session(gap=min(gap or WINDOW, WINDOW), long_bodies=True)

    def close(self) -> None:
        for session in (self.texts, self.raw, self.files):
            session.close()


class _DirectSession(requests.Session):
    """Follows no redirect. Told so for a request alone, requests still reads where one leads to, and all
    of its body."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _SecretFilter(logging.Filter):
    """Takes keys and tokens out of the addresses that urllib3 tells at its level of debugging."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _HIDDEN.sub(r"\1=…", arg) if isinstance(arg, str) else arg for arg in record.args
            )
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_SecretFilter())


def no_auth(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from putting what a .netrc holds in place of the signature."""
    return prepared


def _make_session(**limits: Any) -> requests.Session:
    session = _DirectSession()
    adapter = DeadlineAdapter(pool_connections=POOL, pool_maxsize=POOL, **limits)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    # A client that is many threads' own must not carry one caller's cookies to another.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
