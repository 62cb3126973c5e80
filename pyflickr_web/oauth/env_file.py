"""Tokens as environment variables and export lines, and in a `.env` file."""

from __future__ import annotations

import io
import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyflickr_web.oauth.tokens import Token, file_errors
from pyflickr_web.options import read_env_file, read_text
from pyflickr_web.transports.errors import OptionError
from pyflickr_web.transports.files import atomic_write, check_writable, remove_leftovers

# Only the owner may read a file with a token.
MODE = 0o600
# An assignment as python-dotenv reads it, whose quoted values may have many lines; else any line.
_LINE = re.compile(
    r"""
    [^\S\r\n]*(?P<export>export[^\S\r\n]+)?(?P<name>'[^']+'|[^=\#\s]+)
    (?:
      [^\S\r\n]*=[^\S\r\n]*
      (?>'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|[^\s'"][^\r\n]*|)
    )?
    [^\S\r\n]*(?:\#[^\r\n]*)?(?P<end>\r\n|\n|\r|\Z)
    |
    [^\r\n]*(?:\r\n|\n|\r|\Z)
    """,
    re.VERBOSE,
)


def assignments(token: Token) -> dict[str, str]:
    """Return the environment variables for a token."""
    return {
        "FLICKR_USER_ID": token.user_id,
        "FLICKR_ACCESS_TOKEN": token.access_token,
        "FLICKR_ACCESS_TOKEN_SECRET": token.access_token_secret,
    }


def export_lines(token: Token) -> list[str]:
    """Return the environment variables for a token as lines for a shell."""
    return [f"export {name}={_quote_for_shell(v)}" for name, v in assignments(token).items()]


@dataclass(frozen=True, slots=True)
class EnvFileStore:
    """Keeps one token, for any key, in a `.env` file, and leaves its other lines unchanged."""

    file: Path

    def check(self, api_key: str, base_url: str | None) -> None:
        """Raise `OptionError` if a token could not be saved."""
        with file_errors("env", self.file):
            # Read first: this fails for a device, before anything is written beside it.
            _assign(self._read(), assignments(Token("1@N00", "token", "secret")))
            folder = self._target().parent
            remove_leftovers(folder)
            check_writable(folder)

    def save(self, api_key: str, base_url: str | None, token: Token) -> None:
        """Set the token's lines; from then on only the owner may read the file."""
        with file_errors("env", self.file):
            self._write(_assign(self._read(), assignments(token)))

    def find(self, api_key: str, base_url: str | None, user: str | None = None) -> Token | None:
        values = read_env_file(self.file)
        person, token, secret = (values.get(name, "") for name in assignments(Token("", "", "")))
        return Token(person, token, secret) if token and user in (None, person) else None

    def remove(self, api_key: str, base_url: str | None, token: Token) -> None:
        with file_errors("env", self.file):
            before = self._read()
            after = _assign(before, dict.fromkeys(assignments(token)))
            if after != before:
                self._write(after)

    def _target(self) -> Path:
        # Replace the target of a link, not the link.
        # `Path.resolve` raises `RuntimeError` for a loop of links before Python 3.13.
        return Path(os.path.realpath(self.file))

    def _read(self) -> str:
        try:
            return read_text(self.file)
        except FileNotFoundError:
            return ""

    def _write(self, content: str) -> None:
        target = self._target()
        remove_leftovers(target.parent)
        with atomic_write(target, MODE) as opened:
            opened.write(content.encode())


def _assign(content: str, values: Mapping[str, str | None]) -> str:
    """Return a `.env` file's content with these values set, or removed if they are None.

    Raises `OptionError` if python-dotenv would not read them, or other values as before.
    """
    parts = []
    missing = dict(values)
    for found in _LINE.finditer(content):
        name = (found["name"] or "").strip("'")
        missing.pop(name, None)
        if name not in values:
            parts.append(found[0])
        elif (value := values[name]) is not None:
            export = "export " if found["export"] else ""
            parts.append(f"{export}{name}={_quote(value)}{found['end']}")
    changed = "".join(parts)
    end = "\r\n" if "\r\n" in content else "\n"
    for name, value in missing.items():
        if value is not None:
            separator = end if changed and not changed.endswith(("\n", "\r")) else ""
            changed += f"{separator}{name}={_quote(value)}{end}"
    if not _is_assigned(content, changed, values):
        raise OptionError(
            "token_store env: .env has lines that cannot be changed safely; look for a quote that "
            "is not closed, or choose another token_store"
        )
    return changed


def _is_assigned(before: str, after: str, values: Mapping[str, str | None]) -> bool:
    """Return True if python-dotenv reads `values` from `after`, and all others as from `before`."""
    read = _parse_values(after, True)
    old, new = (_parse_values(content, False) for content in (before, after))
    others = [{n: v for n, v in found.items() if n not in values} for found in (old, new)]
    return others[0] == others[1] and all(read.get(n) == v for n, v in values.items())


def _parse_values(content: str, interpolate: bool) -> dict[str, str | None]:
    from dotenv import dotenv_values

    stream = io.StringIO(content, newline="")
    return dotenv_values(stream=stream, interpolate=interpolate)


def _quote(value: str) -> str:
    if value.isascii() and value.isalnum():
        return value
    # `${` is expanded in quotes too; `${:-$}` expands to `$`.
    literal = value.replace("${", "${:-$}{")
    return "'" + literal.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _quote_for_shell(value: str) -> str:
    quoted = shlex.quote(value)
    return f'"{value}"' if quoted == value else quoted
