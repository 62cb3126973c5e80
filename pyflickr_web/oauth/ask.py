"""The effect of asking the person at the machine: alone, as all drivers know it and few clients ask."""

from __future__ import annotations

from typing import Any


class Ask:
    """An effect that waits for the person; drivers call `perform`, away from an event loop."""

    def perform(self) -> Any:
        """What the person answers. Raises `LoginError` where there is none."""
        raise AssertionError("an Ask says what it asks for")
