"""Sign in once: with a token that exists already, or by asking the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.levels import PERMS, allows
from pyflickr_web.errors import LoginError, OptionError, UnavailableError
from pyflickr_web.oauth import env_file, prompts, three_legged
from pyflickr_web.oauth.callback import OOB, read_loopback
from pyflickr_web.oauth.loopback import Loopback
from pyflickr_web.oauth.prompts import AskForCode, AskInBrowser
from pyflickr_web.oauth.store import Token, open_store
from pyflickr_web.transports.message import Credentials

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow
    from pyflickr_web.options import ServerOptions

    Caller = Callable[[Credentials, str, dict[str, Any]], Flow]

CHECK = "flickr.auth.oauth.checkToken"
# What Flickr answers to a token that is no longer good, as a code or as a problem of OAuth's.
REFUSED_CODES = (98, 99)
TOKEN_PROBLEMS = ("token_rejected", "token_expired", "signature_invalid")


def sign_in(options: ServerOptions, call: Caller) -> Flow:
    """Returns the `Credentials` of somebody at the level that the options want.

    `call` is the flow of a method's call that credentials sign. Raises `LoginError` where there is no
    good token and nobody can be asked.
    """
    application = application_credentials(options)
    callback = options.get("callback") or OOB
    # Refused at once, also where a token makes asking needless.
    read_loopback(callback)
    token, reason = find_token(options), "there is no token yet"
    if token:
        checked, reason = yield from check_token(
            options, user_credentials(application, token), call
        )
        if checked:
            return checked
    if not prompts.stdin_is_interactive():
        raise LoginError(f"{reason}, and nobody is here to say yes: run `pyflickr-web login`")
    check_store(options)
    signed = yield from ask(options, callback)
    deliver_token(options, signed)
    return signed.credentials


def ask(options: ServerOptions, callback: str | None) -> Flow:
    """Ask the person for the level that the options want; returns `AccessGrant`.

    It is by code if `callback` is `oob`, else in a browser that comes back to it, or to a free port
    without one. Raises `OptionError` for an address that is not of this machine.
    """
    if callback == OOB:
        return (yield from ask_for_code(options))
    with Loopback(read_loopback(callback)) as listener:
        return (yield from ask_in_browser(options, listener))


def ask_for_code(options: ServerOptions) -> Flow:
    """Ask the person to type the code that Flickr shows; returns `AccessGrant`."""
    application = application_credentials(options)
    pending = yield from three_legged.obtain_request_token(
        application, OOB, options.get("base_url")
    )
    url = authorize_url(options, pending)
    typed = yield AskForCode(url, browser=not options.get("nobrowser"))
    code = three_legged.normalize_code(typed)
    if not code:
        raise LoginError("no code was typed: nothing was signed in")
    return (
        yield from three_legged.obtain_access_token(
            application, pending, code, options.get("base_url")
        )
    )


def ask_in_browser(options: ServerOptions, listener: Loopback) -> Flow:
    """Ask the person in a browser that comes back by itself; returns `AccessGrant`.

    Where no browser can be opened, it is by code.
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
    """The application's own key and secret. Raises `OptionError` where there is none."""
    credentials = options.credentials
    if credentials is None:
        raise OptionError("signing in needs secret beside api_key: set FLICKR_SECRET, or give it")
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
    """The page on which the person says yes to the level that the options want."""
    permissions = options.get("permissions", "read")
    return three_legged.authorization_url(options.get("base_url"), pending.token, permissions)


def find_token(options: ServerOptions) -> Token | None:
    """The token that the options hold, or that the store keeps."""
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
    """Returns credentials that are good, or None and why not (`flickr.auth.oauth.checkToken`).

    Raises `LoginError` where a new sign-in would not help, as with a clock that is wrong.
    """
    try:
        answer = yield from call(credentials, CHECK, {"oauth_token": credentials.access_token})
    except LoginError as error:
        if error.code in REFUSED_CODES or getattr(error, "problem", "") in TOKEN_PROBLEMS:
            return None, "Flickr no longer accepts the token"
        raise
    level, user_id = _read_token_info(answer)
    wanted = options.get("permissions", "read")
    if not allows(level, wanted):
        return None, f"the token allows {level}, and {wanted} is wanted"
    return replace(credentials, user_id=user_id), ""


def _read_token_info(answer: Mapping[str, Any]) -> tuple[str, str]:
    """Return the level of the token that an answer of checkToken describes, and whose it is."""
    try:
        told = answer["oauth"]
        level, user_id = told["perms"]["_content"], told["user"]["nsid"]
        if level in PERMS and isinstance(user_id, str):
            return level, user_id
    except (KeyError, TypeError):
        pass
    raise UnavailableError("checkToken: an answer that describes no token", method=CHECK)


def make_token(options: ServerOptions, signed: three_legged.AccessGrant) -> Token:
    """The token of somebody who has just signed in, at the level that the options want."""
    credentials = signed.credentials
    return Token(
        credentials.user_id,
        credentials.access_token,
        credentials.access_token_secret,
        options.get("permissions", "read"),
        signed.username,
    )


def deliver_token(options: ServerOptions, signed: three_legged.AccessGrant) -> None:
    """Hand a new token to where the options want it, and tell it unless they are `silent`."""
    token = make_token(options, signed)
    if process := options.get("process_credentials"):
        process(env_file.assignments(token))
        return
    save_token(options, token)
    if not options.get("silent"):
        print("\n".join(env_file.export_lines(token)))


def check_store(options: ServerOptions) -> None:
    """Raises `OptionError` where a token could not be kept, before a person is asked for one."""
    if options.get("process_credentials"):
        return
    if store := open_store(options.get("token_store")):
        store.check(options["api_key"], options.get("base_url"))


def save_token(options: ServerOptions, token: Token) -> None:
    """Keep a token where the options want it."""
    if store := open_store(options.get("token_store")):
        store.save(options["api_key"], options.get("base_url"), token)
