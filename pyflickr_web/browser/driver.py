"""Runs flows in a page: fetch, the page's clock, and chance."""

import asyncio

import js

from ..core.flow import Request, run
from .transport import send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..core.flow import Effect, Flow


async def drive(flow: "Flow") -> "Any":
    """What a flow returns."""
    return await run(flow, _perform)


async def _perform(effect: "Effect") -> "Any":
    if isinstance(effect, Request):
        return await send(effect)
    await asyncio.sleep(effect.least + js.Math.random() * (effect.most - effect.least))
    return None
