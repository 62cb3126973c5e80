"""Requests without an answer of Flickr's: kinds, reasons and errors.

No reason or error contains a part of the request: that may be a secret.
"""

from __future__ import annotations

import copy
import re
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import parse_qsl

from pyflickr_web.core.flow import Response
from pyflickr_web.transports import errors
from pyflickr_web.transports.message import RawResponse

BROKEN_OFF = "the connection was lost"
TIMED_OUT = "timed out; try again later, or set a longer deadline, or timeout in request_options"
# Errors in the chain of causes of a library's error, with their reasons. The first match counts.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "the server's certificate is not trusted; to trust it, set verify in request_options",
    ),
    (ssl.SSLError, "the TLS handshake failed; check that base_url (FLICKR_BASE_URL) is https"),
    (socket.gaierror, "unknown host name; check the network and base_url (FLICKR_BASE_URL)"),
    (ConnectionRefusedError, "connection refused; check base_url (FLICKR_BASE_URL)"),
    (TimeoutError, TIMED_OUT),
    (ConnectionError, BROKEN_OFF),
)
UNREADABLE_FILES = "cannot read a file that verify or cert in request_options names"
_NO_ROUTE = "no route to the server; check the network"
# Modules whose errors describe only the network; those of other libraries contain the request.
_NETWORK_MODULES = ("builtins", "socket", "ssl")
_INVALID_ADDRESS = "invalid address; check base_url (FLICKR_BASE_URL)"
# Flickr's answer to an invalid signature. The rest repeats the signed text, and is never passed on.
_PROBLEM = re.compile(r"\s*oauth_problem=(\w*)", re.ASCII)
# Characters: the signed text in it may be long.
_LONGEST_REFUSAL = 100_000


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
    """A request without an answer of Flickr's. Neither `reason` nor the error `cause` contains a secret.

    The status is 0 unless there was a response. A failure is converted to an error of the client by
    `to_error`, and to a reply of the proxy in `proxy/calls/upstream.py`.
    """

    error_class: type[errors.FlickrError] = errors.NetworkError

    def __init__(
        self,
        reason: str,
        cause: BaseException | None = None,
        status: int = 0,
        retry_after: str | None = None,
    ) -> None:
        super().__init__(status, None, retry_after)
        self.reason = reason
        self.cause = cause

    def to_error(self, what: str, method: str | None = None, note: str = "") -> errors.FlickrError:
        """Convert the failure to an error of `what`, a call or a step of sign-in.

        `note` is added to the reason.
        """
        late = isinstance(self.cause, TimeoutError)
        kind = errors.TimedOut if late else self.error_class
        error = kind(f"{what}: {self.reason}{note}", method=method, status=self.status or None)
        error.__cause__ = error.cause = self.cause
        return error


class ConnectionLost(RequestFailure):
    """The connection was lost, or the server does not speak HTTP."""


class BodyAborted(RequestFailure):
    """The request was aborted by its own body."""

    def __init__(self) -> None:
        super().__init__("the request was aborted")


class DeadlineExceeded(RequestFailure):
    """The answer was not complete in time."""

    def __init__(self, cause: BaseException | None = None) -> None:
        super().__init__(TIMED_OUT, cause or TimeoutError("timed out"))


class NotSent(RequestFailure):
    """The request was certainly not sent."""

    retryable = True


class AnswerTooLong(RequestFailure):
    """The answer is longer than `limit`, and the next one would be as long."""

    retryable = False
    error_class = errors.UnavailableError

    def __init__(self, limit: str = "the limit") -> None:
        super().__init__(f"the answer is longer than {limit}")


class SignatureRefused(RequestFailure):
    """Flickr refuses the signature: `problem` is its word for the reason (OAuth Problem Reporting).

    `absent` are the names of missing parameters. Both come from the answer, and are not safe to show.
    """

    error_class = errors.LoginError

    def __init__(self, status: int, problem: str, absent: list[str]) -> None:
        super().__init__("Flickr rejects the signed request", None, status)
        self.problem = problem
        self.absent = absent


class RateLimited(RequestFailure):
    """The answer has status 429: too many calls."""

    error_class = errors.RateLimitError

    def __init__(self, retry_after: str | None) -> None:
        super().__init__("HTTP 429", None, 429, retry_after)


class InvalidAnswer(RequestFailure):
    """The answer is not Flickr's: an error page, another format, or cut short."""

    error_class = errors.UnavailableError

    def __init__(self, status: int, retry_after: str | None) -> None:
        super().__init__(f"HTTP {status}", None, status, retry_after)


def find_failure(response: Response | None) -> RequestFailure:
    """Return the failure of a request whose response contains no answer of Flickr's."""
    if response is None:
        return ConnectionLost(BROKEN_OFF)
    if isinstance(response, RequestFailure):
        return response
    if isinstance(response, RawResponse) and response.body is None:
        return AnswerTooLong()
    if refused := find_refusal(response):
        return refused
    if response.status == 429:
        return RateLimited(response.retry_after)
    return InvalidAnswer(response.status, response.retry_after)


def find_refusal(response: Response) -> SignatureRefused | None:
    """Return Flickr's refusal of a signature: HTTP 400 or 401, with `oauth_problem=…` in a form."""
    text = response.text or ""
    if isinstance(response, RawResponse):
        text = (response.body or b"")[:_LONGEST_REFUSAL].decode("utf-8", "replace")
    found = _PROBLEM.match(text)
    if not found:
        return None
    absent = dict(parse_qsl(text.strip())).get("oauth_parameters_absent", "")
    return SignatureRefused(response.status, found[1], absent.split("&"))
