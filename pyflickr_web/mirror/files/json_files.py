"""Read the JSON files of a mirror, of which damaged ones count as missing, and form their content."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pyflickr_web.mirror.contents.document_checks import (
    DamagedDocument,
    check_document,
    parse_document,
)
from pyflickr_web.mirror.files.errors import file_errors
from pyflickr_web.mirror.layout import parse_name
from pyflickr_web.transports.files import read_regular

_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(value: Any) -> bytes:
    """Return a value as JSON, byte for byte as `JSON.stringify(value, null, 2)` writes it."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    # A lone surrogate, which UTF-8 does not have, is escaped.
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def read_json(file: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file; None if it is missing, damaged, or another value.

    Raises `FileError` if it cannot be read.
    """
    with file_errors(file):
        content = read_if_present(file)
    try:
        return parse_document(content or b"")
    except DamagedDocument:
        return None


def find_document(root: Path, name: str) -> dict[str, Any] | None:
    """Return the object in a JSON file of the mirror in `root`; None if it is missing or damaged.

    A file with another item is damaged too. Raises `FileError`, and `ValueError` for other names.
    """
    file = parse_name(name)
    if file is None:
        raise ValueError(f"{name!r} is not the name of a file in a mirror")
    with file_errors(root / name):
        content = read_if_present(root / name)
    try:
        return check_document(file, content or b"")
    except DamagedDocument:
        return None


def read_if_present(file: Path) -> bytes | None:
    """Return the content of a file; None if it is missing. Raises `OSError`."""
    try:
        return read_regular(file)
    except (FileNotFoundError, NotADirectoryError):
        return None
