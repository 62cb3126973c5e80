"""Stores that keep tokens between runs: files and the system's keyring."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from pyflickr_web.oauth.tokens import Store, Token, file_errors
from pyflickr_web.transports.errors import OptionError
from pyflickr_web.transports.files import (
    atomic_write,
    check_writable,
    read_regular,
    remove_leftovers,
)

FOLDER_MODE = 0o700
FILE_MODE = 0o600
# Characters of a file's name, which many file systems limit to 255.
LONGEST_NAME = 128
SERVICE = "pyflickr-web"
_PROBE = "probe"


def open_store(kind: str | None = None) -> Store | None:
    """Return the store named by the option `token_store`, by default `file`; None for `none`."""
    if kind == "none":
        return None
    if kind == "env":
        from pyflickr_web.oauth.env_file import EnvFileStore

        return EnvFileStore(Path(".env"))
    if kind == "keyring":
        return FileStore(secrets=_system_keyring())
    return FileStore()


class FileStore:
    """A file for each token, which only the owner may read, in the user's settings folder.

    With the keyring `secrets`, new tokens are stored in it, and their files only contain the user's ID.
    Without `secrets`, the tokens of such files are found in the system's keyring.
    """

    def __init__(self, folder: Path | None = None, secrets: Keyring | None = None) -> None:
        self.folder = folder or _settings_folder()
        self._secrets = secrets

    def check(self, api_key: str, base_url: str | None) -> None:
        folder = self._folder(api_key, base_url)
        with file_errors("file", folder):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            remove_leftovers(folder)
            check_writable(folder)
        if self._secrets is not None:
            self._secrets.set_password(SERVICE, _PROBE, _PROBE)
            if self._secrets.get_password(SERVICE, _PROBE) != _PROBE:
                raise _keyring_error("it does not store values")
            self._secrets.delete_password(SERVICE, _PROBE)

    def save(self, api_key: str, base_url: str | None, token: Token) -> None:
        file = self._file(api_key, base_url, token.user_id)
        content = json.dumps(asdict(token))
        with file_errors("file", file):
            file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            remove_leftovers(file.parent)
            if self._secrets is not None:
                self._secrets.set_password(SERVICE, _keyring_name(file), content)
                content = json.dumps({"user_id": token.user_id})
            with atomic_write(file, FILE_MODE) as opened:
                opened.write(content.encode())

    def find(self, api_key: str, base_url: str | None, user: str | None = None) -> Token | None:
        kept = sorted(self._load_tokens(api_key, base_url), key=lambda row: row[0], reverse=True)
        tokens = (token for _, token in kept if user in (None, token.user_id, token.username))
        return next(tokens, None)

    def remove(self, api_key: str, base_url: str | None, token: Token) -> None:
        file = self._file(api_key, base_url, token.user_id)
        with file_errors("file", file):
            if file.is_file() and _is_in_keyring(json.loads(file.read_text("utf-8"))):
                ring, name = self._ring(), _keyring_name(file)
                if ring.get_password(SERVICE, name) is not None:
                    ring.delete_password(SERVICE, name)
            file.unlink(missing_ok=True)

    def _load_tokens(self, api_key: str, base_url: str | None) -> Iterator[tuple[int, Token]]:
        for file in self._folder(api_key, base_url).glob("*.json"):
            try:
                content = json.loads(read_regular(file))
                if _is_in_keyring(content):
                    content = json.loads(
                        self._ring().get_password(SERVICE, _keyring_name(file)) or ""
                    )
                yield file.stat().st_mtime_ns, _to_token(content)
            except (OSError, ValueError, TypeError, RecursionError, OptionError):
                # Ignore an unreadable token: the user signs in again.
                continue

    def _ring(self) -> Keyring:
        return self._secrets if self._secrets is not None else _system_keyring()

    def _folder(self, api_key: str, base_url: str | None) -> Path:
        place = hashlib.sha256(f"{base_url or ''}\n{api_key}".encode()).hexdigest()[:16]
        return self.folder / "tokens" / place

    def _file(self, api_key: str, base_url: str | None, user_id: str) -> Path:
        # An NSID stays readable; but a server may return any text as the user's ID.
        name = quote(user_id, safe="@", errors="replace")
        if len(name) > LONGEST_NAME:
            name = hashlib.sha256(name.encode()).hexdigest()
        return self._folder(api_key, base_url) / f"{name}.json"


class Keyring(Protocol):
    """The interface of the library keyring, as far as it is used here."""

    def set_password(self, service: str, name: str, password: str, /) -> None: ...
    def get_password(self, service: str, name: str, /) -> str | None: ...
    def delete_password(self, service: str, name: str, /) -> None: ...


def _system_keyring() -> Keyring:
    try:
        import keyring
    except ModuleNotFoundError:
        raise OptionError("token_store keyring needs keyring: pip install keyring") from None
    with _keyring_errors():
        return _SystemKeyring(keyring.get_keyring())


class _SystemKeyring:
    """The system's keyring; its failures are `OptionError`s."""

    def __init__(self, backend: Keyring) -> None:
        self._backend = backend

    def set_password(self, service: str, name: str, password: str, /) -> None:
        with _keyring_errors():
            self._backend.set_password(service, name, password)

    def get_password(self, service: str, name: str, /) -> str | None:
        with _keyring_errors():
            return self._backend.get_password(service, name)

    def delete_password(self, service: str, name: str, /) -> None:
        with _keyring_errors():
            self._backend.delete_password(service, name)


@contextmanager
def _keyring_errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Back ends raise errors of any library.
        raise _keyring_error(type(error).__name__) from None


def _keyring_error(reason: str) -> OptionError:
    return OptionError(
        f"token_store keyring: the system's keyring failed ({reason}); unlock it or set one "
        "up, or choose token_store file"
    )


def _to_token(content: Any) -> Token:
    """Return the token in a file's content. Raises `TypeError` for other content."""
    token = Token(**content)
    if not all(isinstance(value, str) for value in content.values()):
        raise TypeError("the fields of a token must be texts")
    return token


def _is_in_keyring(content: Mapping[str, Any]) -> bool:
    """Return True if a file only contains the user's ID, because the token is in a keyring."""
    return "access_token" not in content


def _keyring_name(file: Path) -> str:
    """Return the keyring's name for the token of a file."""
    return f"{file.parent.name}/{file.stem}"


def _settings_folder() -> Path:
    from platformdirs import user_config_path

    return user_config_path(SERVICE, appauthor=False)
