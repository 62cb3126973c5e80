"""Run flows in the calling thread, and send their requests with the library requests."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

import requests
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.util import Timeout

from pyflickr_web.core.flow import BlockingEffect, Request, Response, Sleep
from pyflickr_web.transports.cancellation import current_cancellation
from pyflickr_web.transports.connections import (
    NO_LIMITS,
    Connections,
    DeadlineAdapter,
    ReadLimits,
    limit_reads,
    prepare_request,
    read_environment,
)
from pyflickr_web.transports.failures import (
    BROKEN_OFF,
    UNREADABLE_FILES,
    AnswerTooLong,
    BodyAborted,
    ConnectionLost,
    DeadlineExceeded,
    NotSent,
    describe_error,
    find_cause,
)
from pyflickr_web.transports.gather import Gather, gather_in_threads
from pyflickr_web.transports.limits import WINDOW, Limits, LowestRate, Pace
from pyflickr_web.transports.message import (
    DEFAULT_OPTIONS,
    LOGIN_HEADERS,
    BytesSink,
    FileResponse,
    FileSink,
    FileTooLarge,
    RawResponse,
    SendOptions,
    to_message,
)
from pyflickr_web.transports.process_local import ProcessLocal
from pyflickr_web.transports.signing import prepare_headers, sign
from pyflickr_web.transports.stream import BodyError, StreamBody, iterate_pieces

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow

# Seconds to connect, and between two pieces of an answer.
TIMEOUT = (10, 60)

PIECE = 256 * 1024
# Seconds that remain at least after the wait for a slot: urllib3 does not accept 0.
_SHORTEST = 0.001
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
        if cancellation := current_cancellation.get():
            cancellation.check()
        if isinstance(effect, Sleep):
            # `Retry-After` may be negative.
            _pause(max(0.0, random.uniform(effect.least, effect.most)))
            return None
        if isinstance(effect, BlockingEffect):
            return effect.perform()
        if isinstance(effect, Gather):
            return gather_in_threads(effect, self.run)
        return self._send(effect)


class ThreadTransport:
    """Sends messages over pooled connections; `settings` are named as in `requests.request`."""

    def __init__(
        self, pace: Pace | None, settings: Mapping[str, Any], limits: Limits | None = None
    ) -> None:
        self._pace = pace
        self._limits = limits or Limits()
        self._settings = dict(settings)
        self._headers = dict(self._settings.pop("headers", None) or {})
        given = self._settings.pop("timeout", TIMEOUT)
        self._connect, read = given if isinstance(given, tuple) else (given, given)
        self._call_limits = ReadLimits(read)
        self._file_limits = ReadLimits(min(read or WINDOW, WINDOW), long_bodies=True)
        self._connections = ProcessLocal(Connections)

    def send(self, request: Request) -> Response:
        """Return the answer to a request, or a `RequestFailure`; `NotSent` if connecting failed."""
        options: SendOptions = request.options or DEFAULT_OPTIONS
        # Flickr counts calls, not downloads of files.
        pace = None if isinstance(options.sink, FileSink) else self._pace
        if pace and (delay := pace.wait(time.monotonic())):
            _pause(delay)
        try:
            if isinstance(request.body, StreamBody):
                return self._send_stream(request, request.body, options)
            return self._send_pooled(request, options)
        except BodyError:
            return BodyAborted()
        except (requests.exceptions.ReadTimeout, ReadTimeoutError) as error:
            return DeadlineExceeded(find_cause(error))
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

    def _send_pooled(self, request: Request, options: SendOptions) -> Response:
        begin = time.monotonic()
        connections = self._connections.get()
        # The wait for a slot only counts for a request that has a timeout of its own.
        if not connections.slots.acquire(timeout=options.timeout):
            return DeadlineExceeded()
        seconds = self._limits.deadline
        if options.timeout is not None:
            seconds = begin + options.timeout - time.monotonic()
        limits = self._call_limits
        if isinstance(options.sink, FileSink):
            limits = self._file_limits
        elif options.timeout is not None:
            # A deadline of the request replaces the settings' timeouts.
            limits = NO_LIMITS
        try:
            with (
                limit_reads(limits),
                self._open(connections, request, options, seconds) as answer,
            ):
                return self._read_answer(answer, options.sink)
        finally:
            connections.slots.release()

    def _open(
        self, connections: Connections, request: Request, options: SendOptions, seconds: float
    ) -> requests.Response:
        message = to_message(request)
        if options.signer:
            message = sign(message, options.signer)
        headers = {**self._headers, **options.headers, **message.headers}
        if options.foreign:
            headers = {n: text for n, text in headers.items() if n.lower() not in LOGIN_HEADERS}
        seconds = max(seconds, _SHORTEST)
        connect = self._connect if options.timeout is None else min(seconds, TIMEOUT[0])
        prepared = prepare_request(message.verb, message.url, headers, message.body)
        timeout = Timeout(total=seconds, connect=connect)
        return self._send_prepared(connections.adapter, prepared, timeout)

    def _send_prepared(
        self, adapter: DeadlineAdapter, prepared: requests.PreparedRequest, timeout: Any
    ) -> requests.Response:
        settings = read_environment(str(prepared.url), self._settings)
        # The stubs of requests lack the type of the timeout.
        return adapter.send(prepared, timeout=timeout, **settings)

    def _read_answer(
        self, answer: requests.Response, sink: BytesSink | FileSink | None
    ) -> Response:
        retry_after = answer.headers.get("Retry-After")
        if isinstance(sink, BytesSink):
            return RawResponse(answer.status_code, _read_body(answer, sink.longest), retry_after)
        if isinstance(sink, FileSink):
            try:
                if sink.accepts(answer.status_code, answer.headers):
                    _save_body(answer, sink)
            except FileTooLarge as error:
                return AnswerTooLong(f"{error.longest} bytes, the limit set by max_download")
            return FileResponse(answer.status_code, retry_after, answer.headers.get("Location"))
        body = _read_body(answer, self._limits.max_answer)
        if body is None:
            limit = self._limits.max_answer
            return AnswerTooLong(f"{limit} bytes, the limit set by max_answer")
        return Response(answer.status_code, body.decode("utf-8", "replace"), retry_after)

    def _send_stream(self, request: Request, stream: StreamBody, options: SendOptions) -> Response:
        seconds = self._limits.deadline if options.timeout is None else options.timeout
        try:
            headers = {
                **self._headers,
                **prepare_headers(request, stream),
                "Connection": "close",
            }
            prepared = prepare_request("POST", request.url, headers, _Body(stream))
            with (
                # A kept connection may be stale, and a stream cannot be resent.
                closing(DeadlineAdapter()) as adapter,
                # The connect timeout also limits the time to send each piece.
                self._send_prepared(adapter, prepared, seconds) as answer,
            ):
                return self._read_answer(answer, options.sink)
        except requests.exceptions.ConnectionError as error:
            if _TIMED_OUT.search(repr(error)):
                return DeadlineExceeded()
            raise

    def close(self) -> None:
        """Close all kept connections."""
        if connections := self._connections.pop():
            connections.close()


def _pause(seconds: float) -> None:
    if cancellation := current_cancellation.get():
        cancellation.sleep(seconds)
    else:
        time.sleep(seconds)


class _Body:
    """A body for requests: an iterable with a length."""

    def __init__(self, stream: StreamBody) -> None:
        self._stream = stream

    def __len__(self) -> int:
        return self._stream.length

    def __iter__(self) -> Iterator[bytes]:
        rate, cancellation = LowestRate(), current_cancellation.get()
        for piece in iterate_pieces(self._stream.open()):
            if cancellation:
                cancellation.check()
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


def _save_body(answer: requests.Response, sink: FileSink) -> None:
    with sink:
        for piece in _iterate_body(answer):
            sink.write(piece)


def _is_not_sent(error: requests.exceptions.ConnectionError) -> bool:
    """Return True if connecting failed, or the host name is unknown."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)
