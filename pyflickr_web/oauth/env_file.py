"""Credentials as lines of the environment, and in a `.env` file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pyflickr_web.oauth.store import Token

_EXPORTED = re.compile(r"^\s*export\s+(\w+)", re.M)


def assignments(token: Token) -> dict[str, str]:
    """The environment's names and values of a token."""
    return {
        "FLICKR_USER_ID": token.user_id,
        "FLICKR_ACCESS_TOKEN": token.access_token,
        "FLICKR_ACCESS_TOKEN_SECRET": token.access_token_secret,
    }


def export_lines(token: Token) -> list[str]:
    """The same as lines for a shell."""
    return [f'export {name}="{value}"' for name, value in assignments(token).items()]


@dataclass(frozen=True, slots=True)
class EnvFileStore:
    """Keeps one token in a `.env` file, whatever the key, and leaves all else in it as it is."""

    file: Path

    def save(self, api_key: str, base_url: str | None, token: Token) -> None:
        """Set the token's lines; a file that is not there yet is made for its owner alone."""
        from dotenv import set_key

        # Written anew in place of the file itself, where a link leads to it.
        file = self.file.resolve()
        if not file.exists():
            file.touch(mode=0o600)
        exported = set(_EXPORTED.findall(file.read_text("utf-8")))
        for name, value in assignments(token).items():
            set_key(file, name, value, quote_mode="auto", export=name in exported)

    def find(self, api_key: str, base_url: str | None, user: str | None = None) -> Token | None:
        from dotenv import dotenv_values

        values = dotenv_values(self.file) if self.file.is_file() else {}
        person, token, secret = (values.get(name) or "" for name in assignments(Token("", "", "")))
        return Token(person, token, secret) if token and user in (None, person) else None

    def remove(self, api_key: str, base_url: str | None, token: Token) -> None:
        from dotenv import dotenv_values, unset_key

        file = self.file.resolve()
        for name in assignments(token).keys() & dotenv_values(file).keys():
            unset_key(file, name)
