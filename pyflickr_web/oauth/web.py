"""Sign-in for a web application: begun by one request of a visitor's, ended by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyflickr_web.errors import OptionError
from pyflickr_web.oauth import dance
from pyflickr_web.oauth.sign_in import application_of, authorize_url

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.options import ServerOptions

# The secrets of applications that began a sign-in in this process, by their key: a visitor's session
# must not hold them.
_secrets: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Begun:
    """A visitor's sign-in: `url` is where to send them, `state` a text to keep until they are back."""

    url: str
    state: str = field(repr=False)


def begin(options: ServerOptions) -> Flow:
    """Returns `Begun`."""
    callback = options.get("callback")
    if not callback or callback == dance.OOB:
        raise OptionError(
            "begin needs callback: the address to which Flickr sends the visitor back"
        )
    application = application_of(options)
    pending = yield from dance.begin(application, callback, options.get("base_url"))
    _secrets[application.api_key] = application.secret
    return Begun(authorize_url(options, pending), pending.dump())


def options_of(state: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options of the client that a sign-in leads to: those of the state, and `options`."""
    pending = dance.Pending.load(state)
    known = {"api_key": pending.api_key, "base_url": pending.base_url}
    if remembered := _secrets.get(pending.api_key):
        known["secret"] = remembered
    return {**known, **options, "access_token": "", "access_token_secret": ""}


def exchange(options: ServerOptions, state: str, params: Mapping[str, str]) -> Flow:
    """Returns the `Credentials` of the visitor who has come back with `params`."""
    pending = dance.Pending.load(state)
    verifier = dance.verifier_of(pending, params)
    signed = yield from dance.exchange(pending, application_of(options).secret, verifier)
    return signed.credentials
