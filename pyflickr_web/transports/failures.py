"""Requests without an answer: reasons that repeat no part of a request, the errors of calls, and
retries of those that were not sent."""

from __future__ import annotations

import copy
import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyflickr_web import errors
from pyflickr_web.core.flow import Request, Response, Sleep, map_results

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow

BROKEN_OFF = "the connection broke off"
TIMED_OUT = (
    "none came in time; try again later, or set a longer deadline, or timeout in request_options"
)
# What libraries raise for a reason of their own comes from one of these; the first that fits counts.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "the server's certificate is not trusted; verify in request_options names others to trust",
    ),
    (ssl.SSLError, "no TLS could be spoken with the server; is it one of https?"),
    (socket.gaierror, "the server's name is not known; check the network and base_url"),
    (ConnectionRefusedError, "nobody listens there; check base_url"),
    (TimeoutError, TIMED_OUT),
    (ConnectionError, BROKEN_OFF),
)
UNREADABLE_FILES = "a file that verify or cert in request_options names cannot be read"
_NO_ROUTE = "there is no way to the server; check the network"
# Modules whose errors tell of the network alone; those of other libraries hold the request as well.
_NETWORK_MODULES = ("builtins", "socket", "ssl")
_INVALID_ADDRESS = "its address cannot be; check base_url"


def describe_error(error: BaseException, *, at_proxy: bool = False) -> str:
    """Return the reason behind a library's error; `at_proxy` if it was met at an HTTP proxy."""
    met = list(_walk_causes(error))
    found = (text for kind, text in _REASONS if any(isinstance(one, kind) for one in met))
    text = next(found, None) or _describe_other(met)
    if not at_proxy:
        return text
    reason, _, _ = text.partition(";")
    return f"at the HTTP proxy on the way, {reason}; check its address"


def find_cause(error: BaseException) -> BaseException:
    """Return the first of the errors that led to `error`, without a request or a variable of a call.

    An error of a library's own is replaced by one of the same kind that names it.
    """
    met = list(_walk_causes(error))
    for one in reversed(met):
        if isinstance(one, OSError) and type(one).__module__ in _NETWORK_MODULES:
            # A copy has no traceback.
            return copy.copy(one)
    late = any(isinstance(one, TimeoutError) for one in met)
    name = f"{type(met[-1]).__module__}.{type(met[-1]).__qualname__}"
    return TimeoutError(name) if late else ConnectionError(name)


def _describe_other(met: list[BaseException]) -> str:
    # Errors of requests are all of this class too, but none of the system's.
    if any(isinstance(one, OSError) and one.errno for one in met):
        return _NO_ROUTE
    return _INVALID_ADDRESS if isinstance(met[0], ValueError) else BROKEN_OFF


def _walk_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and those that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class RequestFailure(Response):
    """A request without an answer; neither `reason` nor `cause`, the error that led to it, holds a
    secret."""

    def __init__(self, reason: str, cause: BaseException | None = None) -> None:
        super().__init__(0, None, None)
        self.reason = reason
        self.cause = cause

    def to_error(self, what: str, method: str | None = None) -> errors.FlickrError:
        """Return the error of `what`, a call or a step of one."""
        kind = errors.TimedOut if isinstance(self.cause, TimeoutError) else errors.NetworkError
        error = kind(f"{what}: {self.reason}", method=method)
        error.__cause__ = self.cause
        return error


class ConnectionLost(RequestFailure):
    """The connection broke off, or was not one that HTTP can use."""


class TimedOut(RequestFailure):
    """The answer was not complete in time."""

    def __init__(self, cause: BaseException | None = None) -> None:
        super().__init__(TIMED_OUT, cause or TimeoutError("the answer is not there in time"))


class AnswerTooLong(RequestFailure):
    """The answer is longer than `longest` bytes, which `option` sets."""

    def __init__(self, longest: int, option: str) -> None:
        super().__init__(f"the answer is longer than {longest} bytes, which {option} sets")

    def to_error(self, what: str, method: str | None = None) -> errors.FlickrError:
        return errors.UnavailableError(f"{what}: {self.reason}", method=method)


class NotSent(RequestFailure):
    """The request certainly did not reach the other side."""


def retry_unsent(flow: Flow, method: str, retries: int) -> Flow:
    """Run a flow and retry its requests up to `retries` times if they were certainly not sent.

    The flow gets None for a request without an answer; the error that it then ends with has the reason.
    An answer that is too long ends it at once: another would be as long.
    """
    last: RequestFailure | None = None

    def map_result(effect: Effect, result: Any) -> Flow:
        nonlocal last
        for count in range(retries if isinstance(effect, Request) else 0):
            if not isinstance(result, NotSent):
                break
            yield Sleep(2**count / 2, 2**count)
            result = yield effect
        if isinstance(result, AnswerTooLong):
            raise result.to_error(method, method)
        last = result if isinstance(result, RequestFailure) else None
        return None if last else result

    try:
        return (yield from map_results(flow, map_result))
    except errors.FlickrError as error:
        if error.status is None and last:
            raise last.to_error(f"{method}: no answer", method) from last.cause
        raise
