"""The throttle of files: Flickr's image host refuses files by itself, apart from the limit of calls."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

# Files in a second after the first ones, and the seconds of a refusal.
A_SECOND = 2.0
BLOCK = 10.0
_TEXT = re.compile(r"(\d+)(?::([\d.]+))?(?::([\d.]+))?", re.ASCII)


@dataclass(slots=True)
class FileThrottle:
    """Allows `burst` files at once, and then `a_second`; refuses the others.

    A refusal lasts `block` seconds, and each request in that time begins it anew. Raises `ValueError`
    for invalid values.
    """

    burst: int = 30
    a_second: float = A_SECOND
    block: float = BLOCK
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    _tokens: float = field(init=False, repr=False)
    _time: float = field(init=False, repr=False)
    _blocked_until: float = field(default=-math.inf, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.burst < 1:
            raise ValueError(f"invalid burst {self.burst}: use 1 or more files")
        for name, value in (("a_second", self.a_second), ("block", self.block)):
            if not 0 <= value < math.inf:
                raise ValueError(f"invalid {name} {value}: use 0 or more")
        self._tokens, self._time = self.burst, self.clock()

    @classmethod
    def parse(cls, text: str) -> FileThrottle:
        """Return the throttle of a text, `BURST`, `BURST:A_SECOND` or `BURST:A_SECOND:BLOCK`.

        Raises `ValueError` for an invalid text.
        """
        found = _TEXT.fullmatch(text)
        try:
            burst, a_second, block = found.groups() if found else ("", None, None)
            return cls(int(burst), float(a_second or A_SECOND), float(block or BLOCK))
        except ValueError:
            raise ValueError(
                f"invalid throttle {text!r}: use BURST:A_SECOND:BLOCK, such as 30:2:10"
            ) from None

    def refuses(self) -> bool:
        """Count a request for a file; return True if it is refused."""
        now = self.clock()
        self._tokens = min(self.burst, self._tokens + (now - self._time) * self.a_second)
        self._time = now
        if now < self._blocked_until or self._tokens < 1:
            self._blocked_until = now + self.block
            return True
        self._tokens -= 1
        return False
