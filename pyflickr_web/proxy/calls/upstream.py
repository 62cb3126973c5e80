"""The proxy's call of Flickr, with retries, a scan of the answer for credentials, and errors."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pyflickr_web.core.flow import Sleep
from pyflickr_web.core.levels import may_write
from pyflickr_web.core.plan import build_request
from pyflickr_web.oauth.refusals import PROBLEMS
from pyflickr_web.options import ServerOptions
from pyflickr_web.proxy.calls.effects import Now
from pyflickr_web.proxy.calls.formats import Answer
from pyflickr_web.proxy.calls.leaks import Secrets
from pyflickr_web.proxy.calls.message import Refusal, Visitor
from pyflickr_web.proxy.calls.rates import charge
from pyflickr_web.transports.failures import RequestFailure, TimedOut
from pyflickr_web.transports.message import Credentials, RawRequest, RawResponse

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow, Response
    from pyflickr_web.core.table import Table
    from pyflickr_web.proxy.calls.formats import AnswerFormat
    from pyflickr_web.proxy.calls.policy import Policy
    from pyflickr_web.proxy.calls.reading import ApiCall

_log = logging.getLogger("pyflickr_web")
SECRET = ("api_key", "secret", "access_token", "access_token_secret")
# Flickr's refusal of what is signed. The rest repeats what was signed, and is never passed on.
_PROBLEM = re.compile(rb"\s*oauth_problem=(\w{1,40})")
_OF_TOKENS = ("token_rejected", "token_expired")
ATTEMPTS = 3
# Seconds before the second attempt, at most; twice that before each further one.
PAUSE = 0.2


class Upstream:
    """Flickr, as a client knows it: the table of its methods, the options of the client, and what signs
    its calls, which a sign-in may change."""

    def __init__(
        self,
        table: Table,
        options: ServerOptions,
        credentials: Callable[[], Credentials | None],
    ) -> None:
        self.table = table
        self.levels: Mapping[str, int] = table.levels
        self.options = options
        self.credentials = credentials
        # Whose own they are, and what no answer may hold then.
        self._own: tuple[Credentials | None, Secrets] | None = None

    def credentials_for(self, visitor: Visitor) -> Credentials | None:
        """Return what signs for a visitor: their own credentials, else the client's."""
        return visitor.credentials or self.credentials()

    def scan(self, what: str, body: bytes, visitor: Credentials | None) -> None:
        """Raise `Refusal` (502) where the answer to a call, or to an upload, holds a credential that is
        configured here, or one of a visitor's."""
        if self.leaks_credential(body, visitor):
            error = UpstreamError(502, "Flickr's answer holds what is not for pages")
            error.log(what)
            raise error

    def leaks_credential(self, body: bytes, visitor: Credentials | None) -> bool:
        """Return True if an answer contains a configured credential, or one of a visitor's."""
        own = self.credentials()
        if visitor and visitor is not own and Secrets(_secrets_of(visitor)).occur_in(body):
            return True
        if self._own is None or self._own[0] is not own:
            configured = {self.options.get(name) or "" for name in SECRET}
            self._own = own, Secrets(configured | _secrets_of(own))
        return self._own[1].occur_in(body)


def _secrets_of(credentials: Credentials | None) -> set[str]:
    if credentials is None:
        return set()
    return {
        credentials.api_key,
        credentials.secret,
        credentials.access_token,
        credentials.access_token_secret,
    }


def fetch(
    upstream: Upstream, policy: Policy, call: ApiCall, credentials: Credentials | None
) -> Flow:
    """Return Flickr's `Answer` to a call. Raises `UpstreamError` (502, 504) without one, and `Refusal`
    (429) if the key's calls are used up.

    A read is retried within the policy's time, as far as the key has calls left.
    """
    request = build_request(upstream.options, {**call.arguments, "method": call.method})
    assert request.fields is not None
    request.fields["format"] = call.answer_format.name
    if credentials:
        # A visitor's token belongs to the application that it was given to.
        request.fields["api_key"] = credentials.api_key
    reads = not may_write(upstream.levels[call.method])
    now = yield Now()
    end = now + policy.timeout
    for attempt in range(ATTEMPTS if reads else 1):
        if attempt:
            pause = PAUSE * 2 ** (attempt - 1)
            if (yield Now()) + pause >= end:
                break
            yield Sleep(pause / 2, pause)
            now = yield Now()
        try:
            yield from charge(policy, request.fields["api_key"])
        except Refusal:
            if not attempt:
                raise
            break
        response = yield RawRequest(request, credentials, end - now, policy.max_answer)
        outcome = _outcome(response, call.answer_format)
        if not outcome.retryable:
            break
    if isinstance(outcome, UpstreamError):
        outcome.log(call.method)
        raise outcome
    return outcome


def login_refusal(what: str) -> Refusal:
    """Return the refusal of a call, or of an upload, that needs a token and has none."""
    return Refusal(403, f"{what} needs a login, and there is none here")


class UpstreamError(Refusal):
    """A refusal because Flickr gave no usable answer; `retryable` if another attempt may succeed.
    `log_detail` is for the site's log alone."""

    def __init__(
        self,
        status: int,
        message: str,
        code: int | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        retryable: bool = False,
        log_detail: str = "",
    ) -> None:
        super().__init__(status, message, code, headers)
        self.retryable = retryable
        self._log_detail = log_detail

    def log(self, what: str) -> None:
        """Log the error of a call, or of an upload, for whoever runs the site."""
        _log.warning("%s: %s", what, f"{self}: {self._log_detail}" if self._log_detail else self)


def _outcome(response: Response | None, answer_format: AnswerFormat) -> Answer | UpstreamError:
    try:
        return read_answer(response, answer_format)
    except UpstreamError as error:
        return error


def read_answer(response: Response | None, answer_format: AnswerFormat) -> Answer:
    """Return the answer in a response. Raises `UpstreamError`: 502, 504 without one, 401 if Flickr no
    longer accepts the token."""
    if isinstance(response, TimedOut):
        raise UpstreamError(504, "Flickr did not answer in time")
    if not isinstance(response, RawResponse):
        detail = response.reason if isinstance(response, RequestFailure) else ""
        raise UpstreamError(
            502, "Flickr cannot be reached, or broke off", retryable=True, log_detail=detail
        )
    if response.body is None:
        raise UpstreamError(502, "Flickr's answer is too long")
    # A refusal of Flickr's may have a status of its own.
    if response.status in (200, 400, 401, 403, 404) and (
        answer := answer_format.read(response.body)
    ):
        return answer
    if problem := _PROBLEM.match(response.body):
        raise _refusal(problem[1].decode())
    later = response.retry_after or ""
    headers = {"retry-after": later} if later.isascii() and later.isdecimal() else {}
    if response.status == 429:
        raise UpstreamError(502, "Flickr has had too many calls of this site", headers=headers)
    retryable = response.status == 200 or response.status >= 500
    problem_name = (
        "an answer that is not its own" if response.status == 200 else "trouble of its own"
    )
    message = f"Flickr answers with {problem_name} (HTTP {response.status})"
    raise UpstreamError(502, message, headers=headers, retryable=retryable)


def _refusal(problem: str) -> UpstreamError:
    """Return the error for a signed call that Flickr refuses with an `oauth_problem`."""
    if problem in _OF_TOKENS:
        return UpstreamError(401, "Flickr does not take this sign-in any more: sign in again", 98)
    named = f" ({problem})" if problem in PROBLEMS else ""
    return UpstreamError(502, f"Flickr refuses what is signed here{named}")
