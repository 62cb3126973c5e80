"""A rate limit on sign-ins: each sign-in starts with a call signed with the site's key."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

EACH, ALL = parse("10/minute"), parse("600/hour")


class LoginLimit:
    """A rate limit in the memory of this process; for several processes, use Redis."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def allows(self, address: str) -> bool:
        """Count a sign-in from a network address; return False if it is one too many."""
        return self._limiter.hit(EACH, "each", address) and self._limiter.hit(ALL, "all")
