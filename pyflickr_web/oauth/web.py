"""Sign-in for a web application: one request of a visitor begins it, another completes it.

In between, its state is an opaque text that only the application can create.
"""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from pyflickr_web.oauth import three_legged
from pyflickr_web.oauth.callback import require_address
from pyflickr_web.oauth.sign_in import application_credentials, authorize_url
from pyflickr_web.oauth.three_legged import RequestToken
from pyflickr_web.transports.errors import LoginError

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.options import ServerOptions
    from pyflickr_web.transports.message import Credentials

LIFETIME = 30 * 60
"""Seconds until a sign-in expires."""
# The key is derived from the application's secret, for this use only.
_LABEL = b"pyflickr-web state of a sign-in"
# Options of sign-ins that began in this process, by API key: a visitor's session must contain neither
# the secret nor the address for signed requests.
_applications: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A visitor's sign-in: the `url` to redirect to, and the `state` to store until the callback."""

    url: str
    state: str = field(repr=False)


def begin(options: ServerOptions, clock: Callable[[], float] = time.time) -> Flow:
    """Begin a sign-in; returns `AuthorizationRequest`."""
    callback = require_address(options.get("callback"))
    application = application_credentials(options)
    base_url = options.get("base_url")
    pending = yield from three_legged.obtain_request_token(application, callback, base_url)
    _applications[application.api_key] = {"secret": application.secret, "base_url": base_url}
    return AuthorizationRequest(
        authorize_url(options, pending), dump_state(pending, application, clock())
    )


def restore_options(state: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return `options`, with those of `begin` in this process as defaults."""
    api_key = read_claimed_api_key(state)
    defaults = {"api_key": api_key, **_applications.get(api_key, {})}
    return {**defaults, **options, "access_token": "", "access_token_secret": ""}


def exchange(
    options: ServerOptions,
    state: str,
    params: Mapping[str, str],
    clock: Callable[[], float] = time.time,
) -> Flow:
    """Complete a sign-in with the callback's `params`; returns the visitor's `Credentials`."""
    application = application_credentials(options)
    pending = load_state(state, application, clock())
    verifier = three_legged.read_verifier(pending, params)
    signed = yield from three_legged.obtain_access_token(
        application, pending, verifier, options.get("base_url")
    )
    return signed.credentials


def dump_state(pending: RequestToken, application: Credentials, now: float) -> str:
    """Serialize a pending sign-in as an authenticated text for a visitor's session.

    It is valid for `LIFETIME`. It contains the request token's secret in clear, which is useless
    without the application's secret.
    """
    fields = {
        "token": pending.token,
        "secret": pending.secret,
        "api_key": application.api_key,
        "expires": str(int(now) + LIFETIME),
    }
    payload = _to_base64(urlencode(fields).encode())
    return f"{payload}.{_authentication_code(payload, application)}"


def load_state(state: str, application: Credentials, now: float) -> RequestToken:
    """Return the pending sign-in of a state.

    Raises `LoginError` if another application created it, or if it was changed or has expired.
    """
    payload, fields = _parse_state(state)
    code = _authentication_code(payload, application)
    is_own = hmac.compare_digest(state.partition(".")[2].encode(), code.encode())
    if not is_own or fields["api_key"] != application.api_key:
        raise LoginError("the state was changed, or made with another key or secret: begin again")
    if now >= int(fields["expires"]):
        raise LoginError(f"the sign-in took longer than {LIFETIME // 60} minutes: begin again")
    return RequestToken(fields["token"], fields["secret"])


def read_claimed_api_key(state: str) -> str:
    """Return the API key in a state, without verifying the state."""
    _, fields = _parse_state(state)
    return fields["api_key"]


def _parse_state(state: str) -> tuple[str, dict[str, str]]:
    try:
        payload = state.partition(".")[0]
        padded = payload + "=" * (-len(payload) % 4)
        fields = dict(parse_qsl(base64.urlsafe_b64decode(padded).decode(), keep_blank_values=True))
        api_key = fields.get("api_key", "")
        is_complete = fields.keys() >= {"token", "secret", "expires"} and state.isascii()
        if is_complete and api_key.isprintable() and api_key.split() == [api_key]:
            return payload, fields
    except (ValueError, TypeError, AttributeError):
        pass
    raise LoginError("invalid state: give what Flickr.begin returned, or begin again")


def _authentication_code(payload: str, application: Credentials) -> str:
    key = hmac.digest(application.secret.encode(), _LABEL, "sha256")
    return _to_base64(hmac.digest(key, payload.encode(), "sha256"))


def _to_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
