"""Send the form of one file to Flickr, again while that cannot upload it twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Sleep
from pyflickr_web.core.levels import RETRIES
from pyflickr_web.core.plan import UPLOAD
from pyflickr_web.core.wire import to_whole_number
from pyflickr_web.oauth.refusals import to_error
from pyflickr_web.transports.errors import FlickrError, UnavailableError, specialize
from pyflickr_web.transports.failures import (
    NotSent,
    RateLimited,
    SignatureRefused,
    find_failure,
)
from pyflickr_web.transports.message import Credentials, RawResponse
from pyflickr_web.upload import service

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow, Response
    from pyflickr_web.upload.form import PhotoForm

# Codes of failures after which a photo may be on Flickr all the same.
TEMPORARY_CODES = (0, 105, 106, 201)
# Codes of a token that was withdrawn, or has too little permission.
SIGN_IN_CODES = (98, 99)
REQUEST_TIMEOUT = 408
# Seconds for Flickr to accept each piece, and to answer: it answers after it has processed the file.
ANSWER_TIMEOUT = 300.0
# A longer `Retry-After`, in seconds, is an error.
LONGEST_PAUSE = 300


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Flickr has the file: the id of the photo, or of the ticket."""

    photo_id: str | None
    ticket_id: str | None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Flickr does not have the file."""

    error: FlickrError


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """The whole form was sent, and Flickr may have the file."""

    error: FlickrError


@dataclass(frozen=True, slots=True)
class Interruption:
    """Flickr does not have the file; it may be sent again, after `pause` seconds if that is set."""

    error: FlickrError
    pause: int | None = None


Outcome = Acceptance | Rejection | LostAnswer | Interruption


@dataclass(frozen=True, slots=True)
class Target:
    """The address to send a form to, the credentials that sign it, and the timeout in seconds."""

    url: str
    credentials: Credentials
    timeout: float


def send(
    form: PhotoForm,
    target: Target,
    can_resend: Callable[[Interruption | LostAnswer], bool],
    on_delay: Callable[[float, str], object],
) -> Flow:
    """Send a form, and again after outcomes for which `can_resend` is True.

    Returns `Acceptance`, `Rejection` or `LostAnswer`. `on_delay` is called before each pause with its
    seconds and reason.
    """
    count = 0
    while True:
        response = yield form.make_request(target.url, target.credentials, target.timeout)
        outcome = read_outcome(form, response, target.credentials)
        if isinstance(outcome, (Acceptance, Rejection)):
            return outcome
        pause = outcome.pause if isinstance(outcome, Interruption) else None
        if count >= RETRIES or (pause or 0) >= LONGEST_PAUSE or not can_resend(outcome):
            return Rejection(outcome.error) if isinstance(outcome, Interruption) else outcome
        least, most = (pause, pause) if pause else (2**count / 2, 2**count)
        on_delay(most, str(outcome.error))
        yield Sleep(least, most)
        count += 1


def read_outcome(form: PhotoForm, response: Response | None, credentials: Credentials) -> Outcome:
    """Return the outcome of an attempt."""
    if form.error:
        return Rejection(form.error)
    answer = _read_answer(response)
    if answer and answer["stat"] == "ok":
        return Acceptance(answer.get("photoid"), answer.get("ticketid"))
    if answer:
        error = _make_error(answer, response, credentials)
        if answer["code"] not in TEMPORARY_CODES:
            return Rejection(error)
        return LostAnswer(error) if form.is_complete else Interruption(error)
    failure = find_failure(response)
    if isinstance(failure, SignatureRefused):
        return Rejection(to_error(failure, UPLOAD))
    error = failure.to_error(UPLOAD, UPLOAD)
    if isinstance(failure, RateLimited):
        return Interruption(error, to_whole_number(failure.retry_after))
    if 400 <= failure.status < 500 and failure.status != REQUEST_TIMEOUT:
        return Rejection(error)
    if isinstance(failure, NotSent) or not form.is_complete:
        return Interruption(error)
    return LostAnswer(error)


def _read_answer(response: Response | None) -> dict[str, Any] | None:
    # An error page may have any other status.
    if isinstance(response, RawResponse) and response.status < 500 and response.body:
        return service.read_answer(response.body)
    return None


def _make_error(
    answer: dict[str, Any], response: Response | None, credentials: Credentials
) -> FlickrError:
    code, status = answer["code"], response.status if response else None
    message = f"{UPLOAD}: {answer['message']} (code {code})"
    if code in SIGN_IN_CODES:
        message += f": {service.SIGN_IN}"
    if code in TEMPORARY_CODES:
        return UnavailableError(message, code, UPLOAD, status)
    secrets = (credentials.api_key, credentials.secret, credentials.access_token)
    return specialize(
        FlickrError(message, code, UPLOAD, status), (*secrets, credentials.access_token_secret)
    )
