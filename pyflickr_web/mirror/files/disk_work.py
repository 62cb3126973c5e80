"""Disk work as an effect of flows, so that an event loop leaves it to threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflickr_web.core.flow import BlockingEffect


class DiskWork(BlockingEffect):
    """An effect that calls a function, which may read and write files; its result is the effect's."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function

    def perform(self) -> Any:
        """Call the function."""
        return self._function()
