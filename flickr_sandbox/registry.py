"""The registry of handlers by method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flickr_sandbox.call import Answer, Call

Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Entry:
    """A method's handler; `stateful` is True if it reads the library and its writes persist."""

    handler: Handler
    stateful: bool


ENTRIES: dict[str, Entry] = {}


def answers(*names: str, stateful: bool = True) -> Callable[[Handler], Handler]:
    """Register a function as the handler of the methods `names`, without the prefix `flickr.`.

    With `stateful=False` answers have the right shape and plausible data, and writes are not stored.
    """

    def register(handler: Handler) -> Handler:
        for name in names:
            assert f"flickr.{name}" not in ENTRIES, name
            ENTRIES[f"flickr.{name}"] = Entry(handler, stateful)
        return handler

    return register
