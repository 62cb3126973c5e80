"""Flickr's refusals of signed requests: HTTP 400 or 401, with `oauth_problem=…` in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyflickr_web.transports.errors import FlickrError, LoginError
from pyflickr_web.transports.failures import (
    AnswerTooLong,
    RequestFailure,
    SignatureRefused,
    find_refusal,
)

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Response

# The problems of OAuth Problem Reporting, with their meaning and what to do.
PROBLEMS = {
    "consumer_key_unknown": "Flickr does not know the API key; check api_key (FLICKR_API_KEY)",
    "consumer_key_rejected": "Flickr does not accept the API key; check api_key (FLICKR_API_KEY)",
    "consumer_key_refused": "Flickr does not accept the API key for now; try again later",
    "signature_invalid": (
        "invalid signature; check secret (FLICKR_SECRET) and access_token_secret "
        "(FLICKR_ACCESS_TOKEN_SECRET)"
    ),
    "signature_method_rejected": "Flickr does not support this signature method",
    "timestamp_refused": "Flickr rejects the request's timestamp; check this machine's clock",
    "nonce_used": "the nonce was used before; try again",
    "token_rejected": "Flickr no longer accepts the token; sign in again",
    "token_expired": "the token has expired; sign in again",
    "token_revoked": "the token was revoked; sign in again",
    "token_used": "the token was used before; sign in again",
    "verifier_invalid": "wrong code; sign in again",
    "permission_denied": "the user denied access",
    "permission_unknown": "the user has not allowed it yet",
    "user_refused": "the user denied access",
    "additional_authorization_required": "Flickr asks the user again; sign in again",
    "parameter_absent": "the request lacks {absent}; sign in first",
    "parameter_rejected": "Flickr rejects a parameter of the request",
    "version_rejected": "Flickr does not support this version of OAuth",
}

# Those of a token that Flickr no longer accepts.
TOKEN_PROBLEMS = ("token_rejected", "token_expired", "token_revoked", "token_used")

# RFC 5849, sections 2 and 3.1.
OAUTH_PARAMETERS = (
    "oauth_callback",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_verifier",
    "oauth_version",
)


class OAuthProblemError(LoginError):
    """Flickr's refusal of a signed request; `problem` is one of `PROBLEMS`, or empty."""

    def __init__(self, message: str, method: str, status: int, problem: str) -> None:
        super().__init__(message, method=method, status=status)
        self.problem = problem


def to_error(failure: RequestFailure, what: str, note: str = "") -> FlickrError:
    """Convert a failure to an error of `what`; a refusal to `OAuthProblemError`.

    The error repeats only known words of the response, because others may be secrets of the request.
    """
    if not isinstance(failure, SignatureRefused):
        return failure.to_error(what, note=note)
    if failure.problem not in PROBLEMS:
        return OAuthProblemError(f"{what}: {failure.reason}", what, failure.status, "")
    absent = ", ".join(name for name in failure.absent if name in OAUTH_PARAMETERS)
    explanation = PROBLEMS[failure.problem].format(absent=absent or "something")
    text = f"{what}: {explanation} ({failure.problem})"
    return OAuthProblemError(text, what, failure.status, failure.problem)


def find_call_failure(response: Response) -> RequestFailure | None:
    """Return the failure of a call without an answer of Flickr, or with a refusal of its signature."""
    return response if isinstance(response, RequestFailure) else find_refusal(response)


def to_call_error(failure: RequestFailure, method: str) -> FlickrError:
    """Convert the failure of a call to its error."""
    if isinstance(failure, SignatureRefused):
        return to_error(failure, method)
    what = method if isinstance(failure, AnswerTooLong) else f"{method}: no answer"
    return failure.to_error(what, method)
