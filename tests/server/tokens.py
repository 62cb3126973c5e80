"""Sample tokens, and the names of files in a folder."""

from __future__ import annotations

from pathlib import Path

from pyflickr_web.oauth.tokens import Token

ANN = Token("1@N00", "token-1", "secret-1", "read", "ann")
BOB = Token("2@N00", "token-2", "secret-2", "delete", "bob")


def names(folder: Path) -> list[str]:
    """Return the names of the files in a folder."""
    return sorted(file.name for file in folder.iterdir())
