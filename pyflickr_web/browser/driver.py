"""Runs flows in a page: fetch, the page's clock, and chance."""

import asyncio

import js

from ..core.flow import Request, run
from .transport import send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from ..core.flow import Effect, Flow


def drive(flow: "Flow") -> "Coroutine[Any, Any, Any]":
    """Run a flow to its end, or to the next list that a listing finds."""
    return run(flow, _perform)


async def _perform(effect: "Effect") -> "Any":
    if isinstance(effect, Request):
        return await send(effect)
    await asyncio.sleep(effect.least + js.Math.random() * (effect.most - effect.least))
    return None
