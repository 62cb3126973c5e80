"""Write a form with a photo as `multipart/form-data` (RFC 7578), for streaming.

Names and file names are escaped as browsers do it (HTML standard, multipart form data).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
_CONTROLS = re.compile("[\0-\x1f\x7f]")
_KIND = re.compile(r"(image|video)/[a-z0-9][a-z0-9.+-]{0,63}")
_UNKNOWN = "application/octet-stream"
_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class File:
    """The file of a form: its name, without folders, and its media type."""

    name: str
    kind: str

    @classmethod
    def of(cls, name: str, kind: str) -> File:
        """Return a file with an untrusted name and type, cleaned."""
        bare = _CONTROLS.sub("", re.split(r"[/\\]", name)[-1]).strip()
        plain = kind.partition(";")[0].strip().lower()
        return cls(bare[-_LONGEST_NAME:] or "photo", plain if _KIND.fullmatch(plain) else _UNKNOWN)


def new_boundary() -> bytes:
    """Return a boundary between the parts of a form; it is random, so none of them contains it."""
    return secrets.token_hex(16).encode()


def content_type(boundary: bytes) -> str:
    """Return the media type of a form whose parts are separated by `boundary`."""
    return f"multipart/form-data; boundary={boundary.decode()}"


def head(boundary: bytes, fields: Mapping[str, str], file: File) -> bytes:
    """Return a form up to the bytes of its last part, the file `photo`."""
    texts = (_part(boundary, name, "") + value.encode() + b"\r\n" for name, value in fields.items())
    more = f'; filename="{file.name.translate(_ESCAPES)}"\r\nContent-Type: {file.kind}'
    return b"".join(texts) + _part(boundary, "photo", more)


def end(boundary: bytes) -> bytes:
    """Return the end of a form (RFC 2046, section 5.1.1)."""
    return b"\r\n--" + boundary + b"--"


def _part(boundary: bytes, name: str, more: str) -> bytes:
    line = f'Content-Disposition: form-data; name="{name.translate(_ESCAPES)}"{more}'
    return b"--" + boundary + b"\r\n" + line.encode() + b"\r\n\r\n"
