"""Where tokens are kept between runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from pyflickr_web.errors import OptionError
from pyflickr_web.files import written_whole

FOLDER_MODE = 0o700
SERVICE = "pyflickr-web"


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

    def save(self, api_key: str, base_url: str | None, token: Token) -> None:
        """Keep a token, in place of the one before."""

    def find(self, api_key: str, base_url: str | None, user: str | None = None) -> Token | None:
        """The token of a person, by NSID or username; without one, that of the last who signed in."""

    def remove(self, api_key: str, base_url: str | None, token: Token) -> None:
        """Forget a token."""


def open_store(kind: str | None = None) -> Store | None:
    """The store that the option `token_store` names: `file` unless it does, None for `none`."""
    if kind == "none":
        return None
    if kind == "env":
        from pyflickr_web.oauth.env_file import EnvFileStore

        return EnvFileStore(Path(".env"))
    if kind == "keyring":
        return FileStore(secrets=_keyring())
    return FileStore()


class FileStore:
    """A file for each token, which nobody but its owner may read, in the user's own settings.

    With a keyring the files only say whose tokens there are, and the keyring holds them.
    """

    def __init__(self, folder: Path | None = None, secrets: Keyring | None = None) -> None:
        self.folder = folder or _settings_folder()
        self._secrets = secrets

    def save(self, api_key: str, base_url: str | None, token: Token) -> None:
        folder = self._folder(api_key, base_url)
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        content = json.dumps(asdict(token))
        if self._secrets is not None:
            self._secrets.set_password(SERVICE, _name(folder, token.user_id), content)
            content = json.dumps({"user_id": token.user_id})
        with written_whole(folder / f"{token.user_id}.json", mode=0o600) as file:
            file.write(content.encode())

    def find(self, api_key: str, base_url: str | None, user: str | None = None) -> Token | None:
        kept = sorted(self._kept(api_key, base_url), key=lambda row: row[0], reverse=True)
        tokens = (token for _, token in kept if user in (None, token.user_id, token.username))
        return next(tokens, None)

    def remove(self, api_key: str, base_url: str | None, token: Token) -> None:
        folder = self._folder(api_key, base_url)
        (folder / f"{token.user_id}.json").unlink(missing_ok=True)
        if self._secrets is not None:
            self._secrets.delete_password(SERVICE, _name(folder, token.user_id))

    def _kept(self, api_key: str, base_url: str | None) -> Iterator[tuple[int, Token]]:
        for file in self._folder(api_key, base_url).glob("*.json"):
            try:
                content = json.loads(file.read_text("utf-8"))
                if self._secrets is not None:
                    name = _name(file.parent, content["user_id"])
                    content = json.loads(self._secrets.get_password(SERVICE, name) or "")
                yield file.stat().st_mtime_ns, Token(**content)
            except (OSError, ValueError, TypeError, KeyError):
                # One that cannot be read is as good as none: the person signs in again.
                continue

    def _folder(self, api_key: str, base_url: str | None) -> Path:
        place = hashlib.sha256(f"{base_url or ''}\n{api_key}".encode()).hexdigest()[:16]
        return self.folder / "tokens" / place


class Keyring(Protocol):
    """What is used of the library keyring."""

    def set_password(self, service: str, name: str, password: str, /) -> None: ...
    def get_password(self, service: str, name: str, /) -> str | None: ...
    def delete_password(self, service: str, name: str, /) -> None: ...


def _keyring() -> Keyring:
    try:
        import keyring
    except ModuleNotFoundError:
        raise OptionError("token_store keyring needs keyring: pip install keyring") from None
    found: Keyring = keyring.get_keyring()
    return found


def _name(folder: Path, user_id: str) -> str:
    return f"{folder.name}/{user_id}"


def _settings_folder() -> Path:
    from platformdirs import user_config_path

    return user_config_path(SERVICE, appauthor=False)
