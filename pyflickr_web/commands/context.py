"""What the commands share: the client that they call with, and how they fail."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import click

from pyflickr_web.errors import FlickrError, LoginError, TokenOnlyError
from pyflickr_web.flickr import Flickr
from pyflickr_web.server import logger
from pyflickr_web.text import printable

P = ParamSpec("P")
R = TypeVar("R")


def told_in_one_line(command: Callable[P, R]) -> Callable[P, R]:
    """A command whose failures are told in one line, with exit status 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (LoginError, TokenOnlyError) as error:
            # Of a call that was not even sent: who has just failed to sign in knows how to.
            here = "; in a shell: pyflickr-web login" if error.method and not error.status else ""
            raise click.ClickException(f"{printable(str(error))}{here}") from None
        except (FlickrError, ValueError) as error:
            raise click.ClickException(printable(str(error))) from None
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'file'}: {error.strerror}") from None

    return run


def for_user(command: Callable[P, R]) -> Callable[P, R]:
    """The option `--user`."""
    told = "Whose token to use, by NSID or name; else the last who signed in."
    return click.option("--user", metavar="NAME", help=told)(command)


class _Warnings(logging.Handler):
    """Tells warnings on stderr, a line each; each once, though every page of a listing gives it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        text = printable(record.getMessage())
        if text not in self._told:
            self._told.add(text)
            click.echo(f"Warning: {text}", err=True)


@contextmanager
def warnings_told() -> Iterator[None]:
    """What the client warns of in the meantime is told."""
    handler = _Warnings()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def signed_in(user: str | None = None, **options: Any) -> Iterator[Flickr]:
    """A client with the token of a person that is kept, or with none where there is none."""
    from pyflickr_web.oauth import sign_in

    if user:
        options |= {"user_id": user, "access_token": "", "access_token_secret": ""}
    with Flickr(**options) as flickr:
        token = sign_in.find_token(flickr.options) if flickr.options.credentials else None
        if token:
            application = sign_in.application_of(flickr.options)
            flickr._use_credentials(sign_in.credentials_of(application, token))
        elif user:
            raise click.ClickException(f"nobody called {user} has signed in here")
        yield flickr
