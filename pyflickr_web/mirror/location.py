"""Check the path of a mirror's folder, as a caller gives it."""

from __future__ import annotations

import os
from pathlib import Path

from pyflickr_web.transports.errors import ArgumentError


def read_location(location: str | os.PathLike[str], caller: str) -> Path:
    """Return the path of a mirror's folder. Raises `ArgumentError` in the name of `caller`."""
    try:
        path: object = os.fspath(location)
        if not isinstance(path, str) or b"\0" in os.fsencode(path):
            raise ValueError
    except (TypeError, ValueError):
        raise ArgumentError(
            f"{caller}: invalid location {location!r}: use the path of a folder"
        ) from None
    if not path:
        # An unset variable of a script must not mean the current folder.
        raise ArgumentError(
            f"{caller}: the location is empty: use the path of a folder, '.' for the current one"
        )
    return Path(path)
