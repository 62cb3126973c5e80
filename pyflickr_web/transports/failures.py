"""Requests without an answer: the reasons in words that hold nothing of what was asked, the errors that
flows end with, and retries of requests that were not sent."""

from __future__ import annotations

import copy
import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Request, Response, Sleep, map_results
from pyflickr_web.errors import FlickrError, NetworkError, TimedOut, UnavailableError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow

BROKEN_OFF = "the connection broke off"
LATE = "none came in time; try again later, or set a longer deadline, or timeout in request_options"
# What libraries raise for a reason of their own comes from one of these; the first that fits counts.
_WHY: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "the server's certificate is not trusted; verify in request_options names others to trust",
    ),
    (ssl.SSLError, "no TLS could be spoken with the server; is it one of https?"),
    (socket.gaierror, "the server's name is not known; check the network and base_url"),
    (ConnectionRefusedError, "nobody listens there; check base_url"),
    (TimeoutError, LATE),
    (ConnectionError, BROKEN_OFF),
)
NO_FILES = "a file that verify or cert in request_options names cannot be read"
_NO_WAY = "there is no way to the server; check the network"
# Modules whose errors tell of the network alone; those of other libraries hold the request as well.
_OF_THE_NETWORK = ("builtins", "socket", "ssl")
_NO_ADDRESS = "its address cannot be; check base_url"


def why(error: BaseException, *, at_proxy: bool = False) -> str:
    """The reason behind an error of a library's; `at_proxy` says that it was met at an HTTP proxy."""
    met = list(_behind(error))
    found = (text for kind, text in _WHY if any(isinstance(one, kind) for one in met))
    text = next(found, None) or _other(met)
    if not at_proxy:
        return text
    reason, _, _ = text.partition(";")
    return f"at the HTTP proxy on the way, {reason}; check its address"


def cause_of(error: BaseException) -> BaseException:
    """Return the first of the errors that led to `error`, without a request or a variable of a call.

    An error of a library's own is replaced by one of the same kind that names it.
    """
    met = list(_behind(error))
    for one in reversed(met):
        if isinstance(one, OSError) and type(one).__module__ in _OF_THE_NETWORK:
            # A copy has no traceback.
            return copy.copy(one)
    late = any(isinstance(one, TimeoutError) for one in met)
    name = f"{type(met[-1]).__module__}.{type(met[-1]).__qualname__}"
    return TimeoutError(name) if late else ConnectionError(name)


def _other(met: list[BaseException]) -> str:
    # Errors of requests are all of this class too, but none of the system's.
    if any(isinstance(one, OSError) and one.errno for one in met):
        return _NO_WAY
    return _NO_ADDRESS if isinstance(met[0], ValueError) else BROKEN_OFF


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and those that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class NoAnswer(Response):
    """The place of an answer that did not come; `why` says why, in words without a secret, and `cause`
    is the error that led to it, without one too."""

    def __init__(self, why: str, cause: BaseException | None = None) -> None:
        super().__init__(0, None, None)
        self.why = why
        self.cause = cause

    def failure(self, what: str, method: str | None = None) -> FlickrError:
        """Return the error that tells so of `what`, a call or a step of one."""
        kind = TimedOut if isinstance(self.cause, TimeoutError) else NetworkError
        error = kind(f"{what}: {self.why}", method=method)
        error.__cause__ = self.cause
        return error


class Late(NoAnswer):
    """That an answer did not come whole in time."""

    def __init__(self, cause: BaseException | None = None) -> None:
        super().__init__(LATE, cause or TimeoutError("the answer is not there in time"))


class TooLong(NoAnswer):
    """That an answer is longer than `longest` bytes, which `option` sets."""

    def __init__(self, longest: int, option: str) -> None:
        super().__init__(f"the answer is longer than {longest} bytes, which {option} sets")

    def failure(self, what: str, method: str | None = None) -> FlickrError:
        return UnavailableError(f"{what}: {self.why}", method=method)


class Unsent(NoAnswer):
    """That a request cannot have reached the other side."""


def unanswered(flow: Flow, method: str, retries: int) -> Flow:
    """The same flow, whose requests are sent up to `retries` times more while none of them left.

    The flow sees None where there was no answer; the error that it then ends with tells why. An answer
    that is too long ends it at once: another would be as long.
    """
    last: NoAnswer | None = None

    def seen(effect: Effect, result: Any) -> Flow:
        nonlocal last
        for count in range(retries if isinstance(effect, Request) else 0):
            if not isinstance(result, Unsent):
                break
            yield Sleep(2**count / 2, 2**count)
            result = yield effect
        if isinstance(result, TooLong):
            raise result.failure(method, method)
        last = result if isinstance(result, NoAnswer) else None
        return None if last else result

    try:
        return (yield from map_results(flow, seen))
    except FlickrError as error:
        if error.status is None and last:
            raise last.failure(f"{method}: no answer", method) from last.cause
        raise
