"""A limit on sign-ins: each one begins with a signed call with this site's key."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

EACH, ALL = parse("10/minute"), parse("600/hour")


class LoginLimit:
    """Counts in the memory of this process; a site of several processes counts in Redis."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def allows(self, address: str) -> bool:
        """Count a sign-in from a network address; return False if it is one too many."""
        return self._limiter.hit(EACH, "each", address) and self._limiter.hit(ALL, "all")
