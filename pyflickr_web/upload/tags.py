"""The machine tag by which an uploaded file is found again: `pyflickrweb:sha256=HEX`.

The tag is visible to everybody who sees the photo.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PREFIX = "pyflickrweb:sha256="
_HASH = re.compile(re.escape(PREFIX) + "([0-9a-f]{64})")


def hash_tag(sha256: str) -> str:
    """Return the machine tag of a file with this hash."""
    return PREFIX + sha256


def add_hash_tag(tags: str, sha256: str) -> str:
    """Return the text `tags` with the machine tag first: an open quote in it would swallow the tag."""
    return f"{hash_tag(sha256)} {tags}".rstrip()


def find_hashes(tags: Iterable[str]) -> list[str]:
    """Return the hashes in the machine tags of a photo."""
    return [match[1] for tag in tags if (match := _HASH.fullmatch(tag))]
