"""Run flows in the calling thread, and send their requests with the library requests."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import requests
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.util import Timeout

from pyflickr_web.core.flow import BlockingEffect, Request, Response, Sleep
from pyflickr_web.process_local import ProcessLocal
from pyflickr_web.transports.failures import (
    BROKEN_OFF,
    UNREADABLE_FILES,
    AnswerTooLong,
    ConnectionLost,
    NotSent,
    TimedOut,
    describe_error,
    find_cause,
)
from pyflickr_web.transports.file_sink import FileSink, FileTooLarge
from pyflickr_web.transports.limits import Limits, LowestRate, Pace
from pyflickr_web.transports.message import (
    LOGIN_HEADERS,
    FileRequest,
    FileResponse,
    RawRequest,
    RawResponse,
)
from pyflickr_web.transports.sessions import Sessions, no_auth
from pyflickr_web.transports.signing import prepare
from pyflickr_web.transports.stream import StreamBody, StreamRequest, build_headers, iterate_pieces

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow

# Seconds to connect, and between two pieces of an answer.
TIMEOUT = (10, 60)

PIECE = 256 * 1024
# A timeout in the text of an error of urllib3.
_TIMED_OUT = re.compile(r", (TimeoutError|TooSlow)\(")
Send = Callable[[Request], Response | None]


class ThreadDriver:
    """Runs flows; `send` sends their requests."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def run(self, flow: Flow) -> Any:
        """Run a flow to its end, or to the next list that it yields."""
        result = None
        while True:
            try:
                effect = flow.send(result)
            except StopIteration as stop:
                return stop.value
            if isinstance(effect, list):
                return effect
            result = self._perform(effect)

    def iterate(self, flow: Flow) -> Generator[Any]:
        """Iterate over the items of a listing; each page is requested when it is needed."""
        try:
            while found := self.run(flow):
                yield from found
        finally:
            flow.close()

    def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Sleep):
            # `Retry-After` may be negative.
            time.sleep(max(0.0, random.uniform(effect.least, effect.most)))
            return None
        if isinstance(effect, BlockingEffect):
            return effect.perform()
        return self._send(effect)


class ThreadTransport:
    """Sends messages over pooled connections; `settings` are named as in `requests.request`."""

    def __init__(
        self, pace: Pace, settings: Mapping[str, Any], limits: Limits | None = None
    ) -> None:
        self._pace = pace
        self._limits = limits or Limits()
        self._settings = {"allow_redirects": False, **settings}
        self._headers = dict(self._settings.pop("headers", None) or {})
        given = self._settings.pop("timeout", TIMEOUT)
        connect, read = given if isinstance(given, tuple) else (given, given)
        # The stubs of requests lack this type.
        self._timeout: Any = Timeout(total=self._limits.deadline, connect=connect)
        self._sessions = ProcessLocal(lambda: Sessions(read))

    def send(self, request: Request) -> Response:
        """Return the answer to a request, or a `RequestFailure`; `NotSent` if connecting failed."""
        # Flickr counts calls, not downloads of files.
        is_file = isinstance(request, FileRequest)
        if not is_file and (delay := self._pace.wait(time.monotonic())):
            time.sleep(delay)
        try:
            if isinstance(request, FileRequest):
                return self._send_file(request)
            if isinstance(request, RawRequest):
                return self._send_raw(request)
            if isinstance(request, StreamRequest):
                return self._send_stream(request)
            return self._send_text(request)
        except (requests.exceptions.ReadTimeout, ReadTimeoutError) as error:
            return TimedOut(find_cause(error))
        except requests.exceptions.ConnectTimeout as error:
            return NotSent(describe_error(error), find_cause(error))
        except requests.exceptions.ProxyError as error:
            return NotSent(describe_error(error, at_proxy=True), find_cause(error))
        except requests.exceptions.ConnectionError as error:
            kind = NotSent if _is_not_sent(error) else ConnectionLost
            return kind(describe_error(error), find_cause(error))
        except (requests.RequestException, HTTPError, ConnectionError, ValueError) as error:
            return ConnectionLost(describe_error(error), find_cause(error))
        except OSError as error:
            # requests raises this for a missing certificate file.
            return ConnectionLost(UNREADABLE_FILES, find_cause(error))

    def _open(self, session: requests.Session, request: Request, timeout: Any) -> requests.Response:
        message = prepare(request)
        headers = {**self._headers, **message.headers}
        if isinstance(request, FileRequest) and request.foreign:
            headers = {n: text for n, text in headers.items() if n.lower() not in LOGIN_HEADERS}
        return session.request(
            message.verb,
            message.url,
            data=message.body,
            headers=headers,
            auth=no_auth,
            stream=True,
            timeout=timeout,
            **self._settings,
        )

    def _send_text(self, request: Request) -> Response:
        session = self._sessions.get().texts
        with self._open(session, request, self._timeout) as answer:
            body = _read_body(answer, self._limits.max_answer)
            if body is None:
                return AnswerTooLong(self._limits.max_answer, "max_answer")
            text = body.decode("utf-8", "replace")
            return Response(answer.status_code, text, _retry_after(answer))

    def _send_file(self, request: FileRequest) -> Response:
        longest = self._limits.max_download
        try:
            with self._open(self._sessions.get().files, request, self._timeout) as answer:
                if answer.status_code == 200:
                    with FileSink(request.target, longest) as sink:
                        sink.check_length(answer.raw.length_remaining)
                        for piece in _iterate_body(answer):
                            sink.write(piece)
                location = answer.headers.get("Location")
                return FileResponse(answer.status_code, _retry_after(answer), location)
        except FileTooLarge:
            return AnswerTooLong(longest, "max_download")

    def _send_raw(self, request: RawRequest) -> Response:
        timeout = Timeout(total=request.timeout, connect=min(request.timeout, TIMEOUT[0]))
        with self._open(self._sessions.get().raw, request, timeout) as answer:
            return _read_raw_response(answer, request.longest)

    def _send_stream(self, request: StreamRequest) -> Response:
        try:
            # The connect timeout also limits the time to send each piece.
            with self._sessions.get().raw.request(
                "POST",
                request.url,
                data=_Body(request.stream),
                # A kept connection may be stale, and a stream cannot be resent.
                headers={**self._headers, **build_headers(request), "Connection": "close"},
                auth=no_auth,
                **self._settings | {"stream": True, "timeout": request.timeout},
            ) as answer:
                return _read_raw_response(answer, request.longest)
        except requests.exceptions.ConnectionError as error:
            if _TIMED_OUT.search(repr(error)):
                return TimedOut()
            raise

    def close(self) -> None:
        """Close all kept connections."""
        if sessions := self._sessions.pop():
            sessions.close()


class _Body:
    """A body for requests: an iterable with a length."""

    def __init__(self, stream: StreamBody) -> None:
        self._stream = stream

    def __len__(self) -> int:
        return self._stream.length

    def __iter__(self) -> Iterator[bytes]:
        rate = LowestRate()
        for piece in iterate_pieces(self._stream.open()):
            start = time.monotonic()
            yield piece
            rate.add(len(piece), time.monotonic() - start)


def _iterate_body(answer: requests.Response) -> Iterator[bytes]:
    """Yield the body of an answer. Raises `requests.ConnectionError` if it is cut short."""
    # `iter_content` of requests waits for complete pieces, and restarts the timeout for each.
    while piece := answer.raw.read1(PIECE, decode_content=True):
        yield piece
    if answer.raw.length_remaining:
        raise requests.ConnectionError(BROKEN_OFF)


def _read_body(answer: requests.Response, longest: int) -> bytes | None:
    """Return the body of an answer; None if it is longer than `longest` bytes."""
    body = bytearray()
    for piece in _iterate_body(answer):
        body += piece
        if len(body) > longest:
            return None
    return bytes(body)


def _read_raw_response(answer: requests.Response, longest: int) -> RawResponse:
    return RawResponse(answer.status_code, _read_body(answer, longest), _retry_after(answer))


def _is_not_sent(error: requests.exceptions.ConnectionError) -> bool:
    """Return True if connecting failed, or the host name is unknown."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _retry_after(answer: requests.Response) -> str | None:
    return answer.headers.get("Retry-After")
