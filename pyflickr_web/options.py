"""Options of a client on a server: from arguments, `FLICKR_…` in the environment, and `.env`."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from pyflickr_web.core.levels import PERMS
from pyflickr_web.core.nearest import suggest
from pyflickr_web.core.options import Options
from pyflickr_web.transports import settings
from pyflickr_web.transports.errors import OptionError
from pyflickr_web.transports.files import read_regular

if TYPE_CHECKING:
    from pyflickr_web.transports.message import Credentials

PREFIX = "FLICKR_"
PERMISSIONS = PERMS[1:]
# Stores for tokens: a file in the user's settings, `.env`, the system's keyring, or no store.
TOKEN_STORES = ("file", "env", "keyring", "none")
# request_options may have logins in proxies and headers.
_HIDDEN = ("api_key", "secret", "access_token", "access_token_secret", "request_options")
_LOGIN_IN_ADDRESS = re.compile(r"(?<=://)[^/@]*(?=@)")
# The most digits of a number.
LONGEST_NUMBER = 18
_SPACE = re.compile(r"\s")
_MASK = "…"
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("", "0", "false", "no", "off")


def read_flag(text: str) -> bool:
    """Read a yes or no. Raises `ValueError` with the valid texts."""
    lower = text.strip().lower()
    if lower not in _TRUE + _FALSE:
        raise ValueError("1 or 0")
    return lower in _TRUE


def _read_count(text: str) -> int:
    # Python refuses to parse very long numbers.
    if not text.strip().isdecimal() or len(text) > LONGEST_NUMBER:
        raise ValueError("a whole number")
    return int(text)


def _read_size(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER and int(text)):
        raise ValueError("a number of bytes, above 0")
    return int(text)


def _read_retries(text: str) -> bool | int:
    try:
        return int(text) if text.strip().isdecimal() else read_flag(text)
    except ValueError:
        raise ValueError("a whole number, or 1 or 0") from None


def _read_user_id(text: str) -> str:
    # Node-flickrapi writes it percent-encoded.
    from urllib.parse import unquote

    return unquote(text)


def _read_address(text: str) -> str:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna")
        fits = parts.scheme in ("http", "https") and host and parts.port != 0
    except ValueError:
        fits = False
    if not fits or _SPACE.search(text):
        raise ValueError("an address that begins with https:// or http://")
    return text


def _read_word(text: str) -> str:
    """Read a key, secret or token, without surrounding white space."""
    word = text.strip()
    if " " in word or not word.isprintable():
        raise ValueError("one word, without white space or control characters in it")
    return word


def _make_choice_reader(names: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(" or ".join(names))
        return text

    return read


def _read_function(value: Any) -> Any:
    if not callable(value):
        raise ValueError("a function")
    return value


# Options, and functions that read them from a text.
READERS: dict[str, Callable[[str], Any]] = {
    "api_key": _read_word,
    "secret": _read_word,
    "user_id": _read_user_id,
    "access_token": _read_word,
    "access_token_secret": _read_word,
    "permissions": _make_choice_reader(PERMISSIONS),
    "callback": str,
    "nobrowser": read_flag,
    "no_api": read_flag,
    "silent": read_flag,
    "progress": read_flag,
    "force_auth": read_flag,
    "retry_queries": _read_retries,
    "max_per_hour": _read_count,
    "max_answer": _read_size,
    "max_download": _read_size,
    "deadline": settings.read_seconds,
    "token_store": _make_choice_reader(TOKEN_STORES),
    "endpoint": str,
    "base_url": _read_address,
    "photo_base_url": _read_address,
}
# Options of other types, and functions that check them.
OBJECTS: dict[str, Callable[[Any], Any]] = {
    "after_downsync": _read_function,
    "process_credentials": _read_function,
    "request_options": settings.read_settings,
}
# Options that the environment can set.
_NAMES = (*READERS, "request_options")


class ClientOptions(TypedDict, total=False):
    """The options of a client on a server, for type checkers. Options that are None are ignored."""

    api_key: str | None
    """The application's key."""
    secret: str | None
    """The application's secret, which signs calls."""
    user_id: str | None
    """The NSID of the user whose token it is."""
    access_token: str | None
    """A user's token."""
    access_token_secret: str | None
    """The secret of the user's token."""
    permissions: Literal["read", "write", "delete"] | None
    """The permission level to request at sign-in; `read` by default."""
    callback: str | None
    """The way back after sign-in: `oob` for a code to type, or an address."""
    nobrowser: bool | None
    """Print the sign-in address instead of opening a browser."""
    no_api: bool | None
    """Only `call`, no namespaces; useful if you just need sign-in."""
    silent: bool | None
    """Do not print the token, which sign-in does if no store keeps it."""
    progress: bool | None
    """Show the progress of `downsync`; by default only in a terminal."""
    force_auth: bool | None
    """Sign every call, including calls to public methods."""
    retry_queries: bool | int | None
    """The number of retries of a read after a temporary failure (`True`: 3); off by default."""
    max_per_hour: int | None
    """The most requests of a process in an hour; no limit by default."""
    max_answer: int | None
    """The largest answer, in bytes after decompression."""
    max_download: int | None
    """The largest file of `download`, in bytes after decompression."""
    deadline: float | None
    """Seconds for one attempt of a call, from connecting to the last byte of its answer."""
    token_store: Literal["file", "env", "keyring", "none"] | None
    """The place to store tokens; `file` by default."""
    endpoint: str | None
    """The address of a proxy that holds the key."""
    base_url: str | None
    """A host for calls other than Flickr, such as the sandbox."""
    photo_base_url: str | None
    """A host for photos other than Flickr's."""
    after_downsync: Callable[[], Any] | None
    """A function without arguments that is called after each `downsync`."""
    process_credentials: Callable[[dict[str, str]], Any] | None
    """A function that receives the new token as `FLICKR_…` names and values, instead of a store."""
    request_options: Mapping[str, Any] | None
    """Settings of the HTTP library: `timeout`, `proxies`, `verify`, `cert`, `headers`."""


class ServerOptions(Options):
    """Options by name; their `repr` masks keys, secrets and tokens."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(dict(given))

    @property
    def credentials(self) -> Credentials | None:
        """The credentials that sign calls; None without the application's secret."""
        if not self.get("secret"):
            return None
        # Imported here: a client without a secret needs none.
        from pyflickr_web.transports.message import Credentials

        return Credentials(
            self.get("api_key", ""),
            self["secret"],
            self.get("access_token", ""),
            self.get("access_token_secret", ""),
            self.get("user_id", ""),
        )

    def with_credentials(self, credentials: Credentials) -> ServerOptions:
        """Return a copy with the token of a user who has signed in."""
        return ServerOptions(
            dict(self)
            | {
                "access_token": credentials.access_token,
                "access_token_secret": credentials.access_token_secret,
                "user_id": credentials.user_id,
            }
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __repr__(self) -> str:
        return f"Options({', '.join(f'{name}={_mask_secrets(name, self[name])}' for name in self)})"


def read_options(
    given: Mapping[str, Any],
    environment: Mapping[str, str] | None = None,
    env_file: Path | None = None,
) -> ServerOptions:
    """Return all options: from `given`, then from the environment, then from the file.

    `environment` is by default the process's own, `env_file` is `.env` in the current folder. Options
    that are None are ignored. Raises `OptionError` for an unknown option, with the nearest name, and
    for an invalid value.
    """
    for name in given:
        if name not in READERS and name not in OBJECTS:
            near = suggest(name, [*READERS, *OBJECTS])
            raise OptionError(f"unknown option {name}{near}")
    texts = _read_texts(environment, env_file)
    found = {
        name: texts[PREFIX + name.upper()] for name in _NAMES if texts.get(PREFIX + name.upper())
    }
    found |= {name: value for name, value in given.items() if value is not None}
    options = {name: _read_value(name, value) for name, value in found.items()}
    if not options.get("api_key") and not options.get("endpoint"):
        raise OptionError(
            "api_key is missing: give it, or set FLICKR_API_KEY in the environment or in .env"
        )
    return ServerOptions(options)


def read_option(name: str) -> Any:
    """Return one option from the environment or `.env`; None if both lack it."""
    text = _read_texts(None, None).get(PREFIX + name.upper())
    return _read_value(name, text) if text else None


def _read_texts(environment: Mapping[str, str] | None, env_file: Path | None) -> dict[str, str]:
    return {
        **read_env_file(env_file or Path(".env")),
        **(os.environ if environment is None else environment),
    }


def _mask_secrets(name: str, value: Any) -> str:
    return _MASK if name in _HIDDEN else _LOGIN_IN_ADDRESS.sub(_MASK, repr(value))


def _read_value(name: str, value: Any) -> Any:
    """Read an option's value, which may be a text."""
    # An empty text unsets an option of the environment.
    if value == "":
        return value
    try:
        return OBJECTS[name](value) if name in OBJECTS else READERS[name](str(value))
    except ValueError as error:
        raise OptionError(f"{name} (or {PREFIX}{name.upper()}) must be {error}") from None


def read_env_file(file: Path) -> dict[str, str]:
    """Return the non-empty variables of a `.env` file; an empty mapping if it is missing.

    Raises `OptionError` if it cannot be read, or is not UTF-8.
    """
    try:
        # Some virtual environments are folders of this name.
        if file.is_dir():
            return {}
        text = read_text(file)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise OptionError(f"{file} cannot be read: {error.strerror}") from None
    from dotenv import dotenv_values

    values = dotenv_values(stream=io.StringIO(text, newline=None))
    return {name: value for name, value in values.items() if value}


def read_text(file: Path) -> str:
    """Return the text of a regular file. Raises `OptionError` if it is not UTF-8, else `OSError`."""
    try:
        return read_regular(file).decode()
    except UnicodeDecodeError:
        raise OptionError(f"{file} is not UTF-8: save it as UTF-8") from None
