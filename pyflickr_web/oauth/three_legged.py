"""The three-legged flow to obtain an access token (RFC 5849, section 2): addresses and steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from pyflickr_web.core.flow import Request
from pyflickr_web.core.wire import join_url
from pyflickr_web.oauth.refusals import to_error
from pyflickr_web.transports.errors import LoginError
from pyflickr_web.transports.failures import find_failure
from pyflickr_web.transports.message import Credentials, SendOptions
from pyflickr_web.transports.signing import TokenSigner

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow, Response

FLICKR = "https://www.flickr.com"
# Fields of an answer that are written to files and shell lines.
_STORED = ("oauth_token", "oauth_token_secret", "user_nsid")


def request_token_url(base_url: str | None) -> str:
    """Return the address for request tokens."""
    return join_url(base_url or FLICKR, "services/oauth/request_token")


def authorization_url(base_url: str | None, token: str, permissions: str) -> str:
    """Return the page that asks the user for permissions: `read`, `write` or `delete`."""
    query = urlencode({"oauth_token": token, "perms": permissions})
    return join_url(base_url or FLICKR, "services/oauth/authorize") + "?" + query


def access_token_url(base_url: str | None) -> str:
    """Return the address for access tokens."""
    return join_url(base_url or FLICKR, "services/oauth/access_token")


@dataclass(frozen=True, slots=True)
class RequestToken:
    """The request token of a sign-in that awaits the user, and its secret."""

    token: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccessGrant:
    """The credentials of a user who has signed in, with username and full name."""

    credentials: Credentials
    username: str = ""
    fullname: str = ""


def obtain_request_token(credentials: Credentials, callback: str, base_url: str | None) -> Flow:
    """Request a request token; returns `RequestToken`. `callback` is an address or `oob`."""
    signer = TokenSigner(credentials.api_key, credentials.secret, callback=callback)
    response = yield Request(request_token_url(base_url), options=SendOptions(signer))
    answer = _read_form(response, "request_token")
    return RequestToken(answer["oauth_token"], answer["oauth_token_secret"])


def obtain_access_token(
    application: Credentials, pending: RequestToken, verifier: str, base_url: str | None
) -> Flow:
    """Exchange an authorized request token for an access token; returns `AccessGrant`.

    Raises `LoginError` if Flickr refuses.
    """
    api_key, secret = application.api_key, application.secret
    signer = TokenSigner(api_key, secret, pending.token, pending.secret, verifier=verifier)
    response = yield Request(access_token_url(base_url), options=SendOptions(signer))
    answer = _read_form(response, "access_token")
    signed = Credentials(
        api_key,
        secret,
        answer["oauth_token"],
        answer["oauth_token_secret"],
        answer.get("user_nsid", ""),
    )
    return AccessGrant(signed, answer.get("username", ""), answer.get("fullname", ""))


def read_verifier(pending: RequestToken, params: Mapping[str, str]) -> str:
    """Return the verifier in the parameters of a callback.

    Raises `LoginError` for another sign-in's token, or if the user denied access.
    """
    if params.get("oauth_token", params.get("denied")) != pending.token:
        raise LoginError("the answer belongs to another sign-in: begin again")
    verifier = params.get("oauth_verifier")
    if not verifier:
        raise LoginError("the user denied access: not signed in")
    return verifier


def normalize_code(text: str) -> str:
    """Return a typed code as `123-456-789`, also if it has spaces or no dashes."""
    digits = "".join(letter for letter in text if letter.isalnum())
    if len(digits) == 9 and digits.isdecimal():
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return text.strip()


def _has_token(answer: Mapping[str, str]) -> bool:
    stored = "".join(answer.get(name, "") for name in _STORED)
    is_word = stored.isascii() and stored.isprintable() and " " not in stored
    return is_word and bool(answer.get("oauth_token")) and "oauth_token_secret" in answer


def _read_form(response: Response, what: str) -> dict[str, str]:
    answer = dict(parse_qsl((response.text or "").strip(), keep_blank_values=True))
    if response.status == 200 and _has_token(answer):
        return answer
    failure = find_failure(response)
    if not failure.status:
        raise to_error(failure, f"{what}: no answer")
    raise to_error(failure, what, " without a token")
