"""Call Flickr for the proxy: retries, the scan of answers for credentials, and errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pyflickr_web.core.flow import Sleep
from pyflickr_web.log import logger
from pyflickr_web.oauth.refusals import PROBLEMS, TOKEN_PROBLEMS
from pyflickr_web.proxy.calls.effects import CurrentTime
from pyflickr_web.proxy.calls.formats import Answer
from pyflickr_web.proxy.calls.leaks import Secrets
from pyflickr_web.proxy.calls.message import Refusal, Visitor
from pyflickr_web.proxy.calls.rates import count_key_call
from pyflickr_web.transports.failures import (
    AnswerTooLong,
    DeadlineExceeded,
    InvalidAnswer,
    RateLimited,
    RequestFailure,
    SignatureRefused,
    find_failure,
)
from pyflickr_web.transports.message import BytesSink, Credentials, RawResponse, SendOptions

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow, Response
    from pyflickr_web.core.plan import Plan
    from pyflickr_web.proxy.calls.formats import AnswerFormat
    from pyflickr_web.proxy.calls.policy import Policy
    from pyflickr_web.proxy.calls.reading import ApiCall
    from pyflickr_web.server_client import ServerClient

SECRET = ("api_key", "secret", "access_token", "access_token_secret")
ATTEMPTS = 3
# Seconds before the second attempt, at most; twice that before each further one.
BACKOFF = 0.2


class Upstream:
    """Access to Flickr with a client and its current credentials."""

    def __init__(self, client: ServerClient) -> None:
        self.client = client
        self.levels: Mapping[str, int] = client.table.levels
        self.options = client.options
        # The client's credentials, and the secrets that answers must not contain with them.
        self._own: tuple[Credentials | None, Secrets] | None = None

    def credentials_for(self, visitor: Visitor) -> Credentials | None:
        """Return the credentials that sign for a visitor: the visitor's own, else the client's."""
        return visitor.credentials or self.client.credentials

    def scan(self, what: str, body: bytes, visitor: Credentials | None) -> None:
        """Raise `Refusal` (502) if the answer to `what` contains a configured credential, or one of a
        visitor's."""
        if self.leaks_credential(body, visitor):
            error = UpstreamError(502, "Flickr's answer contains a credential")
            error.log(what)
            raise error

    def leaks_credential(self, body: bytes, visitor: Credentials | None) -> bool:
        """Return True if an answer contains a configured credential, or one of a visitor's."""
        own = self.client.credentials
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
    upstream: Upstream, policy: Policy, call: ApiCall, plan: Plan, credentials: Credentials | None
) -> Flow:
    """Return Flickr's `Answer` to a call. Raises `UpstreamError` (502, 504) without one, or if it
    contains a credential, and `Refusal` (429) if the API key has no calls left.

    Reads are retried within the policy's timeout while the API key has calls left.
    """
    request = plan.request
    assert request.fields is not None
    request.fields["format"] = call.answer_format.name
    if credentials:
        # A visitor's token is valid only with the API key of its own application.
        request.fields["api_key"] = credentials.api_key
    sink = BytesSink(policy.max_answer)
    now = yield CurrentTime()
    end = now + policy.timeout
    for attempt in range(1 if plan.writes else ATTEMPTS):
        if attempt:
            pause = BACKOFF * 2 ** (attempt - 1)
            if (yield CurrentTime()) + pause >= end:
                break
            yield Sleep(pause / 2, pause)
            now = yield CurrentTime()
        try:
            yield from count_key_call(policy, request.fields["api_key"])
        except Refusal:
            if not attempt:
                raise
            break
        # Addresses may be logged, and must not contain a key: send a form.
        request.options = SendOptions(credentials, in_form=True, sink=sink, timeout=end - now)
        response = yield request
        outcome = read_answer(response, call.answer_format)
        if not outcome.retryable:
            break
    if isinstance(outcome, UpstreamError):
        outcome.log(call.method)
        raise outcome
    upstream.scan(call.method, outcome.body, credentials)
    return outcome


def login_refusal(what: str) -> Refusal:
    """Return the refusal of a call or an upload that needs a token, but has none."""
    return Refusal(
        403, f"{what} needs a login, but neither visitor nor site is signed in to Flickr"
    )


class UpstreamError(Refusal):
    """A refusal because Flickr gave no usable answer; `retryable` if another attempt may succeed.
    `log_detail` is only for the site's log."""

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
        """Log the error of a call or an upload."""
        logger.warning("%s: %s", what, f"{self}: {self._log_detail}" if self._log_detail else self)


def read_answer(response: Response | None, answer_format: AnswerFormat) -> Answer | UpstreamError:
    """Return the answer in a response, or an error: 502 or 504 without an answer, 401 if Flickr no
    longer accepts the token."""
    # Flickr's failures may have another status than 200.
    if isinstance(response, RawResponse) and response.status in (200, 400, 401, 403, 404):
        answer = answer_format.read(response.body) if response.body is not None else None
        if answer:
            return answer
    return _to_upstream_error(find_failure(response))


def _to_upstream_error(failure: RequestFailure) -> UpstreamError:
    """Convert a failure to the proxy's reply."""
    status, later = failure.status, failure.retry_after or ""
    headers = {"retry-after": later} if later.isascii() and later.isdecimal() else {}
    match failure:
        case DeadlineExceeded():
            return UpstreamError(504, "Flickr did not answer in time")
        case AnswerTooLong():
            return UpstreamError(502, "Flickr's answer is too long")
        case SignatureRefused(problem=problem) if problem in TOKEN_PROBLEMS:
            return UpstreamError(401, "Flickr no longer accepts this token: sign in again", 98)
        case SignatureRefused(problem=problem):
            named = f" ({problem})" if problem in PROBLEMS else ""
            return UpstreamError(502, f"Flickr rejects the signature{named}")
        case RateLimited():
            message = "Flickr reports too many calls of this site: try again later"
            return UpstreamError(502, message, headers=headers)
        case InvalidAnswer():
            problem_name = "an invalid answer" if status == 200 else "an error"
            message = f"Flickr returned {problem_name} (HTTP {status})"
            retryable = status == 200 or status >= 500
            return UpstreamError(502, message, headers=headers, retryable=retryable)
        case _:
            message = "Flickr is unreachable, or the connection was lost"
            return UpstreamError(502, message, retryable=True, log_detail=failure.reason)
