"""Sends requests by the library requests, from any thread."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.util import Timeout

from pyflickr_web.core.flow import Request, Response
from pyflickr_web.drivers.pace import Pace
from pyflickr_web.files import atomic_write
from pyflickr_web.oauth.signing import prepare
from pyflickr_web.process_local import ProcessLocal
from pyflickr_web.transports.deadline import DeadlineAdapter
from pyflickr_web.transports.message import FileRequest, Late, NoAnswer, Unsent, Whole, WholeRequest
from pyflickr_web.transports.stream import Streamed, StreamRequest, headers, sent
from pyflickr_web.transports.trouble import BROKEN_OFF, why

# Seconds to connect, and between two pieces of an answer.
TIMEOUT = (10, 60)
POOL = 100
PIECE = 256 * 1024
# What no log may tell of an address.
_HIDDEN = re.compile(r"\b(api_key|\w*token|frob|secret)=[^&\s]*")


class ThreadTransport:
    """Sends messages over pooled connections; `settings` are those of `requests.request`."""

    def __init__(self, pace: Pace, settings: Mapping[str, Any]) -> None:
        self._pace = pace
        self._settings = {"timeout": TIMEOUT, "allow_redirects": False, **settings}
        self._headers = dict(self._settings.pop("headers", None) or {})
        self._sessions = ProcessLocal(_Sessions)

    def send(self, request: Request) -> Response:
        """The answer to a request; `Unsent` where no connection was made, another `NoAnswer` where none
        came."""
        # Flickr counts calls, and not photos' files.
        of_file = isinstance(request, FileRequest)
        if not of_file and (delay := self._pace.wait(time.monotonic())):
            time.sleep(delay)
        try:
            if isinstance(request, FileRequest):
                return self._stream(request)
            if isinstance(request, WholeRequest):
                return self._whole(request)
            if isinstance(request, StreamRequest):
                return self._streamed(request)
            with self._open(self._sessions.get().texts, request) as answer:
                return Response(
                    answer.status_code,
                    answer.content.decode("utf-8", "replace"),
                    _retry_after(answer),
                )
        except requests.exceptions.ConnectTimeout as error:
            return Unsent(why(error))
        except requests.exceptions.ProxyError as error:
            return Unsent(why(error, at_proxy=True))
        except requests.exceptions.ConnectionError as error:
            return (Unsent if _never_connected(error) else NoAnswer)(why(error))
        except (requests.RequestException, UnicodeError) as error:
            # The address of a redirect may be no text.
            return NoAnswer(why(error))

    def _open(self, session: requests.Session, request: Request, **more: Any) -> requests.Response:
        message = prepare(request)
        return session.request(
            message.verb,
            message.url,
            data=message.body,
            headers={**self._headers, **message.headers},
            auth=_no_auth,
            **self._settings | more,
        )

    def _stream(self, request: FileRequest) -> Response:
        session = self._sessions.get().files
        with self._open(session, request, stream=True, allow_redirects=True) as answer:
            if answer.status_code == 200:
                with atomic_write(request.target) as file:
                    for piece in answer.iter_content(PIECE):
                        file.write(piece)
            return Response(answer.status_code, None, _retry_after(answer))

    def _whole(self, request: WholeRequest) -> Response:
        timeout = Timeout(total=request.timeout, connect=min(request.timeout, TIMEOUT[0]))
        session = self._sessions.get().in_time
        try:
            with self._open(session, request, stream=True, timeout=timeout) as answer:
                return _limited(answer, request.longest)
        except (requests.exceptions.ReadTimeout, ReadTimeoutError):
            return Late()
        except HTTPError as error:
            return NoAnswer(why(error))

    def _streamed(self, request: StreamRequest) -> Response:
        try:
            # To a socket the time to connect is also the time for each piece that it sends.
            with self._sessions.get().in_time.request(
                "POST",
                request.url,
                data=_Body(request.streamed),
                # A connection that was kept may be closed by now, and a stream cannot be sent again.
                headers={**self._headers, **headers(request), "Connection": "close"},
                auth=_no_auth,
                **self._settings | {"stream": True, "timeout": request.timeout},
            ) as answer:
                return _limited(answer, request.longest)
        except (requests.exceptions.ReadTimeout, ReadTimeoutError):
            return Late()
        except requests.exceptions.ConnectionError as error:
            if ", TimeoutError(" in repr(error):
                return Late()
            raise
        except HTTPError as error:
            return NoAnswer(why(error))

    def close(self) -> None:
        """Close the connections that are kept."""
        if sessions := self._sessions.pop():
            sessions.close()


class _Sessions:
    """The sessions of one process, by what they send and what they receive."""

    def __init__(self) -> None:
        self.texts = _session(_Direct(), HTTPAdapter)
        self.in_time = _session(_Direct(), DeadlineAdapter)
        # A video's address leads to another.
        self.files = _session(requests.Session(), HTTPAdapter)

    def close(self) -> None:
        for session in (self.texts, self.in_time, self.files):
            session.close()


class _Direct(requests.Session):
    """Follows no redirect. Told so for a request alone, requests still reads where one leads to, and all
    of its body."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _Body:
    """A body as requests takes it: it has a length, and is gone through once."""

    def __init__(self, streamed: Streamed) -> None:
        self._streamed = streamed

    def __len__(self) -> int:
        return self._streamed.length

    def __iter__(self) -> Iterator[bytes]:
        return sent(self._streamed.open())


class _WithoutSecrets(logging.Filter):
    """Takes keys and tokens out of the addresses that urllib3 tells at its level of debugging."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _HIDDEN.sub(r"\1=…", arg) if isinstance(arg, str) else arg for arg in record.args
            )
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_WithoutSecrets())


def _limited(answer: requests.Response, longest: int) -> Response:
    """A whole answer of at most `longest` bytes."""
    body = bytearray()
    # requests' own reading waits for whole pieces, each of which may take its time anew.
    while piece := answer.raw.read1(PIECE, decode_content=True):
        body += piece
        if len(body) > longest:
            return Whole(answer.status_code, None, None)
    if answer.raw.length_remaining:
        return NoAnswer(BROKEN_OFF)
    return Whole(answer.status_code, bytes(body), _retry_after(answer))


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Whether there was no connection, or not even an address for a name."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _retry_after(answer: requests.Response) -> str | None:
    return answer.headers.get("Retry-After")


def _no_auth(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from putting what a .netrc holds in place of the signature."""
    return prepared


def _session(session: requests.Session, kind: type[HTTPAdapter]) -> requests.Session:
    adapter = kind(pool_connections=POOL, pool_maxsize=POOL)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    # A client that is many threads' own must not carry one caller's cookies to another.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
