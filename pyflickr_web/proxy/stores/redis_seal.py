"""How things are called and kept in a Redis that others may read and write."""

from __future__ import annotations

import hashlib
import hmac
import struct

# A change of what is kept begins its names anew.
_FORM = "pyflickr-web 1"
_MILLISECONDS = struct.Struct(">Q")
_SEAL = 32


class Seal:
    """Names and seals what the proxies of one API key keep.

    Whoever reads Redis learns neither key nor what was asked, nor by whom; what somebody else has
    written there, or put under another name, is not taken for an answer.
    """

    def __init__(self, api_key: str, base_url: str) -> None:
        self._key = hashlib.sha256("\n".join((_FORM, api_key, base_url)).encode()).digest()
        self.prefix = f"pyflickr-web:{self._hashed('prefix')}"

    def name(self, kind: str, text: str) -> str:
        """What `text` is called in Redis, among others of its kind."""
        return f"{self.prefix}:{kind}:{self._hashed(text)}"

    def sealed(self, name: str, body: bytes, lasting: int) -> bytes:
        """A body that is kept under `name` for so many milliseconds, as bytes."""
        content = _MILLISECONDS.pack(lasting) + body
        return self._sealing(name, content) + content

    def opened(self, name: str, kept: object) -> tuple[bytes, int] | None:
        """Body and milliseconds of what was sealed under `name`; None where it was not."""
        if not isinstance(kept, bytes) or len(kept) < _SEAL + _MILLISECONDS.size:
            return None
        seal, content = kept[:_SEAL], kept[_SEAL:]
        if not hmac.compare_digest(seal, self._sealing(name, content)):
            return None
        return content[_MILLISECONDS.size :], _MILLISECONDS.unpack_from(content)[0]

    def _sealing(self, name: str, content: bytes) -> bytes:
        return hmac.digest(self._key, name.encode() + b"\n" + content, "sha256")

    def _hashed(self, text: str) -> str:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]
