"""Effects that the proxy's flows yield to a driver, beyond requests and pauses.

They are never changed, but not frozen, as are other objects of a request: frozen dataclasses take
four times as long to create.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


class CurrentTime:
    """An effect that is answered with the time in seconds, on a clock that never goes back."""


@dataclass(slots=True)
class CacheEntry:
    """A cached answer of Flickr's, and the moment at which it came."""

    body: bytes = field(repr=False)
    at: float


@dataclass(slots=True)
class CacheGet:
    """An effect that is answered with the `CacheEntry` of a key, or None."""

    key: str


@dataclass(slots=True)
class CacheSet:
    """An effect that stores an entry under a key for `seconds`, if it fits."""

    key: str
    entry: CacheEntry
    seconds: float


@dataclass(slots=True)
class RateHit:
    """An effect that counts a call of `caller` by `rate` (`60/minute`).

    Answered with 0, or with the seconds to wait if the rate is used up.
    """

    rate: str
    caller: str


@dataclass(slots=True)
class InFlightCall:
    """An effect that runs `flow` in a slot of the policy's `in_flight`, and is answered with what it
    returns. Without a free slot the request is refused.

    `caller` is counted for `in_flight_each`; None is not. A `cancellable` flow ends when its client
    disconnects, where the server can tell.
    """

    flow: Flow
    caller: str | None
    cancellable: bool


@dataclass(slots=True)
class SingleFlight:
    """An effect that is answered with what `flow` returns; flows of the same key that are asked for
    while it runs are not run, and get that too."""

    key: str
    flow: Flow
