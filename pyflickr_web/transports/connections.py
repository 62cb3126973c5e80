"""Connections of the library requests that limit the total time of an answer.

requests itself only limits the time between two pieces, so a server that sends a byte now and then never
times out. Its `Session` would also store cookies, read logins from .netrc and follow redirects. None of
these are wanted, so requests go directly to its adapter.
"""

from __future__ import annotations

import io
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from pyflickr_web.transports.cancellation import current_cancellation
from pyflickr_web.transports.limits import WINDOW, LowestRate

POOL = 100
# Query parameters to hide in logs.
_HIDDEN = re.compile(r"\b(api_key|\w*token|frob|secret)=[^&\s]*")


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Limits of the answers that a thread reads, besides the read timeout.

    `gap` limits the seconds between two pieces. With `long_bodies`, bodies have a lowest rate instead
    of the read timeout.
    """

    gap: float | None = None
    long_bodies: bool = False


NO_LIMITS = ReadLimits()
_read_limits = ContextVar("read_limits", default=NO_LIMITS)


@contextmanager
def limit_reads(limits: ReadLimits) -> Iterator[None]:
    """Apply limits to the answers of the requests that this thread sends within the context."""
    token = _read_limits.set(limits)
    try:
        yield
    finally:
        _read_limits.reset(token)


class DeadlineAdapter(HTTPAdapter):
    """An `HTTPAdapter` whose read timeout limits the time of an answer's head and body together.

    `limit_reads` sets further limits.
    """

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        super().init_poolmanager(*args, **settings)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **settings: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(*args, **settings)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _LimitedReader(io.RawIOBase):
    """Reads from a socket until a deadline, or at a lowest rate; raises `TimeoutError`.

    The cancellation of the thread's work shuts the socket down.
    """

    def __init__(
        self, raw: io.RawIOBase, sock: socket.socket, end: float, gap: float | None
    ) -> None:
        self._raw = raw
        self._sock = sock
        self._end = end
        self._gap = gap
        self._rate: LowestRate | None = None
        self._cancellation = current_cancellation.get()
        if self._cancellation:
            self._cancellation.add_socket(self, sock)

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
        if self._cancellation and self._cancellation.is_cancelled:
            # After a shutdown, a body without a length would seem complete.
            raise ConnectionAbortedError("cancelled")
        if self._rate:
            self._rate.add(count or 0, time.monotonic() - start)
        return count

    def close(self) -> None:
        # Before another thread can get the connection.
        if self._cancellation:
            self._cancellation.remove(self)
        self._raw.close()
        super().close()


class _LimitedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **settings: Any) -> None:
        super().__init__(sock, *args, **settings)
        # The read timeout, once the request has been sent.
        timeout = sock.gettimeout()
        self._limits = _read_limits.get()
        self._limited: _LimitedReader | None = None
        if timeout is not None:
            raw: Any = self.fp.detach()
            end = time.monotonic() + timeout
            self._limited = _LimitedReader(raw, sock, end, self._limits.gap)
            self.fp = io.BufferedReader(self._limited)

    def begin(self) -> None:
        super().begin()
        if self._limits.long_bodies and self._limited:
            self._limited.measure_rate()


class _CancellableConnection(HTTPConnection):
    """A connection that a cancellation shuts down while it sends; `_LimitedReader` does so for reads."""

    response_class = _LimitedResponse

    def send(self, data: Any) -> None:
        cancellation = current_cancellation.get()
        # Without a socket, this connects and sends the head, which fits into the socket's buffer.
        if cancellation is None or self.sock is None:
            super().send(data)
            return
        cancellation.add_socket(self, self.sock)
        try:
            super().send(data)
        finally:
            cancellation.remove(self)


class _TlsConnection(_CancellableConnection, HTTPSConnection):
    """The same with TLS."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _CancellableConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _PlainPool, "https": _TlsPool}


class Connections:
    """The kept connections of one process, for all of its threads.

    Acquire one of `slots` to send by `adapter`.
    """

    def __init__(self) -> None:
        self.slots = threading.BoundedSemaphore(POOL)
        self.adapter = DeadlineAdapter(pool_connections=POOL, pool_maxsize=POOL)

    def close(self) -> None:
        """Close all kept connections."""
        self.adapter.close()


class _SecretFilter(logging.Filter):
    """Hides keys and tokens in the addresses that urllib3 logs at DEBUG."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _HIDDEN.sub(r"\1=…", arg) if isinstance(arg, str) else arg for arg in record.args
            )
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_SecretFilter())


def prepare_request(
    verb: str, url: str, headers: Mapping[str, str], body: Any
) -> requests.PreparedRequest:
    """Return a request with the usual headers of requests, unless `headers` replace them."""
    request = requests.Request(verb, url, data=body, auth=_no_auth)
    request.headers = requests.utils.default_headers()
    request.headers.update(headers)
    return request.prepare()


# It only merges settings, and opens no connections; making one for each request takes time.
_environment = requests.Session()


def read_environment(url: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings for an address, completed by proxies and certificates of the environment."""
    proxies = dict(settings.get("proxies") or {})
    verify, cert = settings.get("verify"), settings.get("cert")
    found: Any = _environment.merge_environment_settings(url, proxies, True, verify, cert)
    return dict(found)


def _no_auth(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from replacing the signature by a login in the address."""
    return prepared
