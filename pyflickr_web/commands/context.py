"""The context of a command: its client, its warnings, and the report of its failures."""

from __future__ import annotations

import functools
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, ParamSpec, TypeVar

import click

from pyflickr_web.flickr import Flickr
from pyflickr_web.log import logger
from pyflickr_web.oauth.refusals import TOKEN_PROBLEMS
from pyflickr_web.transports.errors import FlickrError, LoginError, TokenOnlyError
from pyflickr_web.transports.text import printable

LOGIN_COMMAND = "pyflickr-web login"
# Flickr's code for a token that it no longer accepts.
CODE_INVALID_TOKEN = 98
P = ParamSpec("P")
R = TypeVar("R")


def report_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Make a command report errors in one line, with exit status 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (LoginError, TokenOnlyError) as error:
            text = printable(str(error))
            # Advice only if the call was not sent; not if a sign-in failed.
            if error.method and not error.status and LOGIN_COMMAND not in text:
                text += f"; in a shell: {LOGIN_COMMAND}"
            raise click.ClickException(text) from None
        except (FlickrError, ValueError) as error:
            raise click.ClickException(printable(str(error))) from None
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'file'}: {error.strerror}") from None

    return run


def user_option(command: Callable[P, R]) -> Callable[P, R]:
    """Add the option `--user` to a command."""
    text = "Use the token of this person (NSID or name).  [default: the last one to sign in]"
    return click.option("--user", metavar="NAME", help=text)(command)


class _WarningHandler(logging.Handler):
    """Prints each warning once, even if it is repeated for every page of a listing."""

    def __init__(self, print_message: Callable[[str], object]) -> None:
        super().__init__(logging.WARNING)
        self._print_message = print_message
        self._shown: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        text = printable(record.getMessage())
        if text not in self._shown:
            self._shown.add(text)
            self._print_message(f"Warning: {text}")


def _print_message(text: str) -> None:
    click.echo(text, err=True)


@contextmanager
def show_warnings(print_message: Callable[[str], object] = _print_message) -> Iterator[None]:
    """Print the client's warnings to stderr, or with `print_message`, during the block."""
    handler = _WarningHandler(print_message)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def open_client(user: str | None = None, **options: Any) -> Iterator[Flickr]:
    """Open a client with a user's stored token, or without a token if none is stored."""
    from pyflickr_web.oauth import sign_in

    if user:
        options |= {"user_id": user, "access_token": "", "access_token_secret": ""}
    with Flickr(**options) as flickr:
        given_token = flickr.options.get("access_token")
        token = sign_in.find_token(flickr.options) if flickr.options.credentials else None
        if token:
            application = sign_in.application_credentials(flickr.options)
            flickr.use_credentials(sign_in.user_credentials(application, token))
        elif user:
            raise click.ClickException(f"no token is stored for {user}: run {LOGIN_COMMAND}")
        try:
            yield flickr
        except LoginError as error:
            if not _rejects_token(error):
                raise
            text = f"{error}: {_advise_login(given_token)}"
            raise click.ClickException(printable(text)) from None


def _rejects_token(error: LoginError) -> bool:
    """Return True if Flickr no longer accepts the token, so that only a new sign-in helps."""
    return error.code == CODE_INVALID_TOKEN or getattr(error, "problem", "") in TOKEN_PROBLEMS


def _advise_login(given_token: str | None) -> str:
    """Return the way to a new token. One of the options would be used before a stored one."""
    if not given_token:
        return f"run {LOGIN_COMMAND}"
    place = "the environment" if os.environ.get("FLICKR_ACCESS_TOKEN") else ".env"
    return f"remove FLICKR_ACCESS_TOKEN from {place}, and run {LOGIN_COMMAND}"


@contextmanager
def interruptible() -> Iterator[None]:
    """Make SIGTERM end the block as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:
        # Not in the main thread.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
