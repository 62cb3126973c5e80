"""Read the JSON files of a mirror; a damaged file is an error with the reason."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pyflickr_web.mirror.contents.document_checks import DamagedDocument, parse_document
from pyflickr_web.transports.files import describe_os_error


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
        raise DamagedDocument(describe_os_error(error)) from error
    return parse_document(content)


def _open(file: str, flags: int) -> int:
    # A FIFO does not block if it is opened so, and is empty; Windows has none.
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))
