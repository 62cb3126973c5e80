"""Runs flows in the calling thread."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import BlockingEffect, Request, Response, Sleep

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow

Send = Callable[[Request], Response | None]


class ThreadDriver:
    """Runs flows; `send` answers their requests."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def run(self, flow: Flow) -> Any:
        """What a flow returns, or the next list that a listing finds."""
        result = None
        while True:
            try:
                effect = flow.send(result)
            except StopIteration as stop:
                return stop.value
            if isinstance(effect, list):
                return effect
            result = self._perform(effect)

    def iterate(self, flow: Flow) -> Generator[Any]:
        """What a listing finds, one by one; a page is asked for when it is wanted."""
        try:
            while found := self.run(flow):
                yield from found
        finally:
            flow.close()

    def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Sleep):
            # A server may ask for a pause that is below 0.
            time.sleep(max(0.0, random.uniform(effect.least, effect.most)))
            return None
        if isinstance(effect, BlockingEffect):
            return effect.perform()
        return self._send(effect)
