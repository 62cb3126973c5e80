"""Flickr's refusals of signed messages: HTTP 400 or 401, and `oauth_problem=…` in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from pyflickr_web.core.flow import Response
from pyflickr_web.errors import LoginError
from pyflickr_web.transports.filtered import filtered

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow

# What they mean, and what to do.
PROBLEMS = {
    "consumer_key_unknown": "Flickr does not know the API key; check api_key",
    "signature_invalid": "the signature does not fit; check secret and access_token_secret",
    "signature_method_rejected": "Flickr does not take this way of signing",
    "timestamp_refused": "Flickr refuses the time of the message; set this machine's clock",
    "nonce_used": "the message came twice; try again",
    "token_rejected": "the token is no longer good; sign in again",
    "token_expired": "the token has run out; sign in again",
    "verifier_invalid": "the code is not the one that Flickr showed; sign in again",
    "permission_denied": "the person said no",
    "permission_unknown": "nobody has said yes yet",
    "parameter_absent": "the message lacks {oauth_parameters_absent}; sign in first",
    "version_rejected": "Flickr does not take this version of OAuth",
}


class Refusal(LoginError):
    """What Flickr says of a signed message; `problem` is its own word for it."""

    def __init__(self, message: str, method: str, status: int, problem: str) -> None:
        super().__init__(message, method=method, status=status)
        self.problem = problem


def problem_of(response: Response, what: str) -> Refusal | None:
    """The error that a refusal of `what` is; None for what is no refusal.

    Of the rest of the answer nothing is told: it repeats the message, with what signed it.
    """
    text = (response.text or "").strip()
    if not text.startswith("oauth_problem="):
        return None
    fields = dict(parse_qsl(text))
    problem = fields["oauth_problem"]
    told = PROBLEMS.get(problem, "Flickr refuses the message").format_map(
        {"oauth_parameters_absent": fields.get("oauth_parameters_absent", "something")}
    )
    return Refusal(f"{what}: {told} ({problem})", what, response.status, problem)


def told(flow: Flow, method: str) -> Flow:
    """The same flow, which ends with what is told of a refusal where there is one."""

    def seen(_: Effect, result: Any) -> Flow:
        if isinstance(result, Response) and (problem := problem_of(result, method)):
            raise problem
        # A flow, though one without effects.
        yield from ()
        return result

    return filtered(flow, seen)
