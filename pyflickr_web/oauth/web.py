"""Sign-in for a web application: begun by one request of a visitor's, ended by another."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyflickr_web.oauth import dance
from pyflickr_web.oauth.callback import require_address
from pyflickr_web.oauth.sign_in import application_of, authorize_url
from pyflickr_web.oauth.state import claimed_api_key, dump_state, load_state

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.options import ServerOptions

# What applications that began a sign-in in this process were given, by their key: a visitor's session
# must hold neither the secret nor the address that signed requests go to.
_applications: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Begun:
    """A visitor's sign-in: `url` is where to send them, `state` a text to keep until they are back."""

    url: str
    state: str = field(repr=False)


def begin(options: ServerOptions, clock: Callable[[], float] = time.time) -> Flow:
    """Returns `Begun`."""
    callback = require_address(options.get("callback"))
    application = application_of(options)
    base_url = options.get("base_url")
    pending = yield from dance.begin(application, callback, base_url)
    _applications[application.api_key] = {"secret": application.secret, "base_url": base_url}
    return Begun(authorize_url(options, pending), dump_state(pending, application, clock()))


def options_of(state: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options of the client that a sign-in leads to: `options`, and what `begin` was given here."""
    api_key = claimed_api_key(state)
    known = {"api_key": api_key, **_applications.get(api_key, {})}
    return {**known, **options, "access_token": "", "access_token_secret": ""}


def exchange(
    options: ServerOptions,
    state: str,
    params: Mapping[str, str],
    clock: Callable[[], float] = time.time,
) -> Flow:
    """Returns the `Credentials` of the visitor who has come back with `params`."""
    application = application_of(options)
    pending = load_state(state, application, clock())
    verifier = dance.verifier_of(pending, params)
    signed = yield from dance.exchange(application, pending, verifier, options.get("base_url"))
    return signed.credentials
