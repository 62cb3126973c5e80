"""What a proxy remembers between requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyflickr_web.proxy.calls.effects import Keep, Look, Take
from pyflickr_web.proxy.stores.memory import InFlight, LongBodies, MemoryCache, MemoryLimits

if TYPE_CHECKING:
    from pyflickr_web.proxy.calls.policy import Policy

# Bytes of long bodies that are held at once while they come.
_LONG_BODIES = 64_000_000


@dataclass(frozen=True, slots=True)
class Stores:
    """Answers that are kept, what callers have taken, how many of them wait for Flickr, and how much of
    their bodies is held."""

    cache: MemoryCache
    limits: MemoryLimits
    in_flight: InFlight
    bodies: LongBodies

    @classmethod
    def of(cls, policy: Policy) -> Stores:
        """Empty stores, in memory. Raises `OptionError` for a rate that cannot be."""
        limits = MemoryLimits({"rate": policy.rate, "key_rate": policy.key_rate})
        in_flight = InFlight(policy.in_flight, policy.in_flight_each)
        return cls(MemoryCache(policy.cache_bytes), limits, in_flight, LongBodies(_LONG_BODIES))

    def perform(self, effect: Look | Keep | Take) -> Any:
        """The answer to an effect."""
        if isinstance(effect, Look):
            return self.cache.look(effect.key)
        if isinstance(effect, Keep):
            return self.cache.keep(effect.key, effect.entry, effect.seconds)
        return self.limits.take(effect.rate, effect.who)
