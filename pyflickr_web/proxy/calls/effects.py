"""Effects that the proxy's flows yield to a driver, beyond requests and pauses.

Do not modify them. They are not frozen dataclasses, because those take four times as long to create;
this also holds for other objects of a request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


class CurrentTime:
    """An effect that returns the time in seconds, on a monotonic clock."""


@dataclass(slots=True)
class CacheEntry:
    """An answer from Flickr in the cache, and the time of its arrival."""

    body: bytes = field(repr=False)
    at: float


@dataclass(slots=True)
class CacheGet:
    """An effect that returns the `CacheEntry` of a key, or None."""

    key: str


@dataclass(slots=True)
class CacheSet:
    """An effect that stores an entry under a key for `seconds`, if it fits."""

    key: str
    entry: CacheEntry
    seconds: float


@dataclass(slots=True)
class RateHit:
    """An effect that counts a call of `caller` against `rate` (`60/minute`).

    It returns 0, or the seconds to wait if the rate is used up.
    """

    rate: str
    caller: str


@dataclass(slots=True)
class InFlightCall:
    """An effect that runs `flow` in a slot of the policy's `in_flight` and returns its result. Without a
    free slot it raises `Refusal`.

    The slot counts for `caller` by `in_flight_each`, unless that is None. While a flow runs, other flows
    of the same `key` are not run but get its result, unless the key is None. A `cancellable` flow is
    cancelled if its client disconnects and the server reports it.
    """

    flow: Flow
    caller: str | None
    cancellable: bool
    key: str | None = None
