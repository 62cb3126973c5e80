"""What the proxy's flows ask of a driver, beyond requests and pauses.

None of it changes, yet it is not frozen, nor is what else is made for each request: to make what is
takes four times as long.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


class Now:
    """An effect that is answered with the time in seconds, on a clock that never goes back."""


@dataclass(slots=True)
class Entry:
    """An answer of Flickr's that is kept, and the moment at which it came."""

    body: bytes = field(repr=False)
    at: float


@dataclass(slots=True)
class Look:
    """An effect that is answered with the `Entry` of a key, or None."""

    key: str


@dataclass(slots=True)
class Keep:
    """An effect that keeps an entry under a key for `seconds`, as far as there is room."""

    key: str
    entry: Entry
    seconds: float


@dataclass(slots=True)
class Take:
    """An effect that takes one from what `who` may have by `rate` (`60/minute`).

    Answered with 0, or where there is none left, with the seconds until there is one again.
    """

    rate: str
    who: str


@dataclass(slots=True)
class InFlightCall:
    """An effect that runs `flow` in a slot of the policy's `in_flight`, and is answered with what it
    returns. Without a free slot the request is refused.

    `who` is counted for `in_flight_each`; None is not. A `cancellable` flow ends when its client
    disconnects, where the server can tell.
    """

    flow: Flow
    who: str | None
    cancellable: bool


@dataclass(slots=True)
class Shared:
    """An effect that is answered with what `flow` returns; flows of the same key that are asked for
    while it runs are not run, and get that too."""

    key: str
    flow: Flow
