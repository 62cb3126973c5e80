"""Flickr's refusals of signed requests: HTTP 400 or 401, with `oauth_problem=…` in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from pyflickr_web.core.flow import Response, map_results
from pyflickr_web.errors import LoginError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow

# The problems of OAuth Problem Reporting, with their meaning and what to do.
PROBLEMS = {
    "consumer_key_unknown": "Flickr does not know the API key; check api_key",
    "consumer_key_rejected": "Flickr does not accept the API key; check api_key",
    "consumer_key_refused": "Flickr does not accept the API key for now; try again later",
    "signature_invalid": "invalid signature; check secret and access_token_secret",
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


class Refusal(LoginError):
    """Flickr's refusal of a signed request; `problem` is one of `PROBLEMS`, or empty."""

    def __init__(self, message: str, method: str, status: int, problem: str) -> None:
        super().__init__(message, method=method, status=status)
        self.problem = problem


def find_oauth_problem(response: Response, what: str) -> Refusal | None:
    """Return the error if a response refuses `what`; None if it does not.

    The error repeats only known words of the response, because others may be secrets of the request.
    """
    text = (response.text or "").strip()
    if not text.startswith("oauth_problem="):
        return None
    fields = dict(parse_qsl(text))
    problem = fields.get("oauth_problem", "")
    if problem not in PROBLEMS:
        return Refusal(f"{what}: Flickr rejects the signed request", what, response.status, "")
    named = fields.get("oauth_parameters_absent", "").split("&")
    absent = ", ".join(name for name in named if name in OAUTH_PARAMETERS)
    explanation = PROBLEMS[problem].format(absent=absent or "something")
    return Refusal(f"{what}: {explanation} ({problem})", what, response.status, problem)


def raise_on_oauth_problem(flow: Flow, method: str) -> Flow:
    """Run a flow and raise `Refusal` if Flickr refuses the signature of one of its requests."""

    def map_result(_: Effect, result: Any) -> Flow:
        if isinstance(result, Response) and (problem := find_oauth_problem(result, method)):
            raise problem
        # This makes the function a generator, without effects.
        yield from ()
        return result

    return map_results(flow, map_result)
