"""Read the JSON files of a mirror; a damaged file is an error with the reason."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class DamagedDocument(Exception):
    """A JSON file is unreadable; the text is the reason."""


def read_document(file: Path | str) -> dict[str, Any]:
    """Return the object in a JSON file.

    Raises `FileNotFoundError` if the file is missing, and `DamagedDocument` if it cannot be read, is
    empty, or has no object.
    """
    try:
        # An index reads millions of files: `Path` and a buffer would take half of the time.
        with open(file, "rb", buffering=0, opener=_open) as opened:
            content = opened.readall()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedDocument(error.strerror or type(error).__name__) from error
    if not content:
        raise DamagedDocument("the file is empty")
    try:
        value = json.loads(content)
    except json.JSONDecodeError as error:
        raise DamagedDocument(f"invalid JSON at line {error.lineno}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise DamagedDocument("the text is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise DamagedDocument(f"invalid JSON: {error}") from error
    if not isinstance(value, dict):
        raise DamagedDocument("it has no JSON object")
    return value


def _open(file: str, flags: int) -> int:
    # A FIFO does not block if it is opened so, and is empty; Windows has none.
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))
