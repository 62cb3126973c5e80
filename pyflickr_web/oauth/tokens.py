"""Access tokens, and the interface of the stores that keep them between runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pyflickr_web.transports.errors import OptionError
from pyflickr_web.transports.files import describe_os_error


@dataclass(frozen=True, slots=True)
class Token:
    """An access token of a person, and its level: `read`, `write` or `delete`."""

    user_id: str
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)
    permissions: str = ""
    username: str = ""


class Store(Protocol):
    """Keeps tokens by API key, base URL and person."""

    def check(self, api_key: str, base_url: str | None) -> None:
        """Raise `OptionError` if a token could not be saved; remove leftovers of killed processes."""

    def save(self, api_key: str, base_url: str | None, token: Token) -> None:
        """Save a token, replacing an earlier one."""

    def find(self, api_key: str, base_url: str | None, user: str | None = None) -> Token | None:
        """Return the token of a user (NSID or username), by default of the last one to sign in."""

    def remove(self, api_key: str, base_url: str | None, token: Token) -> None:
        """Remove a token."""


@contextmanager
def file_errors(kind: str, path: Path) -> Iterator[None]:
    """Raise `OptionError` if a file of the token store `kind` cannot be read or written."""
    try:
        yield
    except OSError as error:
        reason = describe_os_error(error)
        raise OptionError(
            f"token_store {kind}: {error.filename or path}: {reason}; choose another token_store, or "
            "make this path readable and writable"
        ) from None
