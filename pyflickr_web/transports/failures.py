"""Requests without an answer: their reasons, errors, and retries if they were not sent.

No reason or error contains a part of the request: that may be a secret.
"""

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

BROKEN_OFF = "the connection was lost"
TIMED_OUT = "timed out; try again later, or set a longer deadline, or timeout in request_options"
# Errors in the chain of causes of a library's error, with their reasons. The first match counts.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "the server's certificate is not trusted; to trust it, set verify in request_options",
    ),
    (ssl.SSLError, "the TLS handshake failed; check that base_url is an https server"),
    (socket.gaierror, "unknown host name; check the network and base_url"),
    (ConnectionRefusedError, "connection refused; check base_url"),
    (TimeoutError, TIMED_OUT),
    (ConnectionError, BROKEN_OFF),
)
UNREADABLE_FILES = "cannot read a file that verify or cert in request_options names"
_NO_ROUTE = "no route to the server; check the network"
# Modules whose errors describe only the network; those of other libraries contain the request.
_NETWORK_MODULES = ("builtins", "socket", "ssl")
_INVALID_ADDRESS = "invalid address; check base_url"


def describe_error(error: BaseException, *, at_proxy: bool = False) -> str:
    """Return the reason of a library's error; `at_proxy` if it occurred at an HTTP proxy."""
    met = list(_walk_causes(error))
    found = (text for kind, text in _REASONS if any(isinstance(one, kind) for one in met))
    text = next(found, None) or _describe_other(met)
    if not at_proxy:
        return text
    reason, _, _ = text.partition(";")
    return f"at the HTTP proxy: {reason}; check its address"


def find_cause(error: BaseException) -> BaseException:
    """Return the root cause of `error`, without the request and without a traceback.

    A library's own error is replaced by a built-in one with its name.
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
    # All errors of requests are `OSError`s, but only the system's have an `errno`.
    if any(isinstance(one, OSError) and one.errno for one in met):
        return _NO_ROUTE
    return _INVALID_ADDRESS if isinstance(met[0], ValueError) else BROKEN_OFF


def _walk_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class RequestFailure(Response):
    """A request without an answer. Neither `reason` nor the error `cause` contains a secret."""

    def __init__(self, reason: str, cause: BaseException | None = None) -> None:
        super().__init__(0, None, None)
        self.reason = reason
        self.cause = cause

    def to_error(self, what: str, method: str | None = None) -> errors.FlickrError:
        """Convert the failure to an error of `what`, a call or a step of sign-in."""
        kind = errors.TimedOut if isinstance(self.cause, TimeoutError) else errors.NetworkError
        error = kind(f"{what}: {self.reason}", method=method)
        error.__cause__ = self.cause
        return error


class ConnectionLost(RequestFailure):
    """The connection was lost, or the server does not speak HTTP."""


class TimedOut(RequestFailure):
    """The answer was not complete in time."""

    def __init__(self, cause: BaseException | None = None) -> None:
        super().__init__(TIMED_OUT, cause or TimeoutError("timed out"))


class AnswerTooLong(RequestFailure):
    """The answer is longer than `longest` bytes, the limit set by `option`."""

    def __init__(self, longest: int, option: str) -> None:
        super().__init__(f"the answer is longer than {longest} bytes, the limit set by {option}")

    def to_error(self, what: str, method: str | None = None) -> errors.FlickrError:
        return errors.UnavailableError(f"{what}: {self.reason}", method=method)


class NotSent(RequestFailure):
    """The request was certainly not sent."""


def retry_unsent(flow: Flow, method: str, retries: int) -> Flow:
    """Run a flow and retry its requests up to `retries` times if they were certainly not sent.

    The flow receives None for a request without an answer; its error is replaced by one with the reason.
    An answer that is too long is not retried: the next one would be as long.
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
