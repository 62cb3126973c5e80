"""Sign in once: with a stored token, or by asking the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.levels import PERMS, allows
from pyflickr_web.oauth import env_file, prompts, three_legged
from pyflickr_web.oauth.callback import OOB, read_loopback
from pyflickr_web.oauth.loopback import Loopback
from pyflickr_web.oauth.prompts import AskForCode, AskInBrowser
from pyflickr_web.oauth.refusals import TOKEN_PROBLEMS
from pyflickr_web.oauth.store import open_store
from pyflickr_web.oauth.tokens import Token
from pyflickr_web.transports.errors import LoginError, OptionError, UnavailableError
from pyflickr_web.transports.message import Credentials

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.options import ServerOptions

    Caller = Callable[[Credentials, str, dict[str, Any]], Flow]

CHECK = "flickr.auth.oauth.checkToken"
# Flickr's codes and OAuth problems for a token that it no longer accepts, or whose secret is wrong.
REFUSED_CODES = (98, 99)
_RENEWABLE = (*TOKEN_PROBLEMS, "signature_invalid")


def sign_in(options: ServerOptions, call: Caller) -> Flow:
    """Sign in with the permissions of the options; returns `Credentials`.

    `call` is the flow of a signed call. Raises `LoginError` if no token is valid, and no terminal is
    available to ask the user.
    """
    application = application_credentials(options)
    callback = options.get("callback") or OOB
    # Checked first, so that a wrong callback is an error even with a valid token.
    read_loopback(callback)
    token, reason = find_token(options), "not signed in"
    if token:
        checked, reason = yield from check_token(
            options, user_credentials(application, token), call
        )
        if checked:
            return checked
    if not prompts.stdin_is_interactive():
        raise LoginError(
            f"{reason}, and no terminal to ask on: run `pyflickr-web login`, or set "
            "FLICKR_ACCESS_TOKEN and FLICKR_ACCESS_TOKEN_SECRET"
        )
    check_store(options)
    signed = yield from ask(options, callback)
    deliver_token(options, signed)
    return signed.credentials


def ask(options: ServerOptions, callback: str | None) -> Flow:
    """Ask the user for the permissions of the options; returns `AccessGrant`.

    With the callback `oob` the user types a code; otherwise the browser is redirected to the callback,
    by default to a free port. Raises `OptionError` for an address that is not on this machine.
    """
    if callback == OOB:
        return (yield from ask_for_code(options))
    with Loopback(read_loopback(callback)) as listener:
        return (yield from ask_in_browser(options, listener))


def ask_for_code(options: ServerOptions) -> Flow:
    """Ask the user to type the code that Flickr shows; returns `AccessGrant`."""
    application = application_credentials(options)
    pending = yield from three_legged.obtain_request_token(
        application, OOB, options.get("base_url")
    )
    url = authorize_url(options, pending)
    typed = yield AskForCode(url, browser=not options.get("nobrowser"))
    code = three_legged.normalize_code(typed)
    if not code:
        raise LoginError("no code was typed: not signed in")
    return (
        yield from three_legged.obtain_access_token(
            application, pending, code, options.get("base_url")
        )
    )


def ask_in_browser(options: ServerOptions, listener: Loopback) -> Flow:
    """Ask the user in a browser and wait for the callback; returns `AccessGrant`.

    If no browser can be opened, the user types a code.
    """
    application = application_credentials(options)
    pending = yield from three_legged.obtain_request_token(
        application, listener.address, options.get("base_url")
    )
    url, browser = authorize_url(options, pending), not options.get("nobrowser")
    params = yield AskInBrowser(url, pending.token, listener, browser)
    if params is None:
        return (yield from ask_for_code(options))
    verifier = three_legged.read_verifier(pending, params)
    return (
        yield from three_legged.obtain_access_token(
            application, pending, verifier, options.get("base_url")
        )
    )


def application_credentials(options: ServerOptions) -> Credentials:
    """Return the application's key and secret. Raises `OptionError` if they are missing."""
    credentials = options.credentials
    if credentials is None:
        raise OptionError("sign-in needs api_key and secret: set FLICKR_SECRET, or give secret")
    return replace(credentials, access_token="", access_token_secret="")


def user_credentials(application: Credentials, token: Token) -> Credentials:
    """Return the credentials that sign calls for the owner of a token."""
    return replace(
        application,
        access_token=token.access_token,
        access_token_secret=token.access_token_secret,
        user_id=token.user_id,
    )


def authorize_url(options: ServerOptions, pending: three_legged.RequestToken) -> str:
    """Return the page on which the user grants the permissions of the options."""
    permissions = options.get("permissions", "read")
    return three_legged.authorization_url(options.get("base_url"), pending.token, permissions)


def find_token(options: ServerOptions) -> Token | None:
    """Return the token of the options, or of the store; None without one."""
    if options.get("access_token"):
        return Token(
            options.get("user_id", ""),
            options["access_token"],
            options.get("access_token_secret", ""),
        )
    store = open_store(options.get("token_store"))
    if store is None:
        return None
    return store.find(options["api_key"], options.get("base_url"), options.get("user_id"))


def check_token(options: ServerOptions, credentials: Credentials, call: Caller) -> Flow:
    """Check a token (`flickr.auth.oauth.checkToken`); returns its credentials, or None and a reason.

    Raises `LoginError` if a new sign-in would not help, e.g. with a wrong clock.
    """
    try:
        answer = yield from call(credentials, CHECK, {"oauth_token": credentials.access_token})
    except LoginError as error:
        if error.code in REFUSED_CODES or getattr(error, "problem", "") in _RENEWABLE:
            return None, "Flickr no longer accepts the token"
        raise
    level, user_id = _read_token_info(answer)
    wanted = options.get("permissions", "read")
    if not allows(level, wanted):
        return None, f"the token allows {level}, not {wanted}"
    return replace(credentials, user_id=user_id), ""


def _read_token_info(answer: Mapping[str, Any]) -> tuple[str, str]:
    """Return the permissions of a token and its user's ID, from an answer of checkToken."""
    try:
        token = answer["oauth"]
        level, user_id = token["perms"]["_content"], token["user"]["nsid"]
        if level in PERMS and isinstance(user_id, str):
            return level, user_id
    except (KeyError, TypeError):
        pass
    raise UnavailableError("checkToken: the answer describes no token", method=CHECK)


def make_token(options: ServerOptions, signed: three_legged.AccessGrant) -> Token:
    """Return the token of a new sign-in, with the permissions of the options."""
    credentials = signed.credentials
    return Token(
        credentials.user_id,
        credentials.access_token,
        credentials.access_token_secret,
        options.get("permissions", "read"),
        signed.username,
    )


def deliver_token(options: ServerOptions, signed: three_legged.AccessGrant) -> None:
    """Pass a new token to `process_credentials`, or store it.

    Without a store, it is printed as export lines, unless `silent`: otherwise it would be lost.
    """
    token = make_token(options, signed)
    if process := options.get("process_credentials"):
        process(env_file.assignments(token))
        return
    if store := open_store(options.get("token_store")):
        store.save(options["api_key"], options.get("base_url"), token)
    elif not options.get("silent"):
        print("\n".join(env_file.export_lines(token)))


def check_store(options: ServerOptions) -> None:
    """Raise `OptionError` if a token could not be stored; call this before asking the user."""
    if options.get("process_credentials"):
        return
    if store := open_store(options.get("token_store")):
        store.check(options["api_key"], options.get("base_url"))


def save_token(options: ServerOptions, token: Token) -> None:
    """Save a token in the store of the options."""
    if store := open_store(options.get("token_store")):
        store.save(options["api_key"], options.get("base_url"), token)
