"""Search answers for credentials, plain or escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

# Shorter credentials must match a whole word, because they may be part of other words.
_LONG = 16
# A text may be escaped more than once: JSON within JSON, a URL within a URL.
_ROUNDS = 3
# Only ASCII, as in credentials; answers contain many escapes of other characters.
_IN_JSON = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
_IN_XML = re.compile(rb"&#(?:x0*([2-7][0-9a-fA-F])|0*([0-9]{2,3}));")


class Secrets:
    """Texts that must not occur in an answer, plain or escaped."""

    def __init__(self, texts: Iterable[str]) -> None:
        encoded = sorted(text.encode() for text in texts if text)
        self._long = [text for text in encoded if len(text) >= _LONG]
        short = b"|".join(re.escape(text) for text in encoded if len(text) < _LONG)
        # A developer's secret may be a word like `secret`, which is a field name of every photo.
        self._short = short and re.compile(rb"(?<![\w-])(?:" + short + rb')(?![\w-]|"\s*:|=")')

    def occur_in(self, body: bytes) -> bool:
        """Return True if an answer contains one of them."""
        if self._occur_in_plain(body):
            return True
        for _ in range(_ROUNDS):
            plain = _unescape(body)
            if plain == body:
                return False
            if self._occur_in_plain(plain):
                return True
            body = plain
        return False

    def _occur_in_plain(self, body: bytes) -> bool:
        for text in self._long:
            if text in body:
                return True
        return bool(self._short and self._short.search(body))


def _unescape(body: bytes) -> bytes:
    r"""Remove the escapes of JSON (`\u0061`, `\/`), XML (`&#97;`) and URLs (`%61`) once."""
    if b"\\" in body:
        body = body.replace(b"\\\\", b"\\").replace(b"\\/", b"/")
    # Most escapes are of other characters, and `in` is faster than the pattern.
    if b"\\u00" in body:
        body = _IN_JSON.sub(_character_of_json, body)
    if b"&#" in body:
        body = _IN_XML.sub(_character_of_xml, body)
    return unquote_to_bytes(body) if b"%" in body else body


def _character_of_json(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _character_of_xml(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16) if found[1] else int(found[2])
    return bytes([code]) if code < 128 else found[0]
