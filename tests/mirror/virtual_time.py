"""Drivers whose pauses take no time: they advance a clock instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from pyflickr_web.core.flow import Sleep
from pyflickr_web.transports.limits import Pace
from pyflickr_web.transports.tasks import TaskDriver, TaskTransport
from pyflickr_web.transports.threads import ThreadDriver, ThreadTransport
from tests.support.loops import run

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Effect, Flow


@dataclass
class VirtualClock:
    """A clock that only pauses advance; `pauses` are their seconds."""

    now: float = 1_000.0
    pauses: list[float] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self) -> float:
        return self.now

    def sleep(self, effect: Sleep) -> None:
        with self._lock:
            self.pauses.append(effect.most)
            self.now += effect.most


class _ThreadDriver(ThreadDriver):
    clock: VirtualClock

    def _perform(self, effect: Effect) -> Any:
        return self.clock.sleep(effect) if isinstance(effect, Sleep) else super()._perform(effect)


class _TaskDriver(TaskDriver):
    clock: VirtualClock

    async def _perform(self, effect: Effect) -> Any:
        if isinstance(effect, Sleep):
            return self.clock.sleep(effect)
        return await super()._perform(effect)


Drive = Callable[..., Any]


def drive_in_threads(
    flow: Flow, clock: VirtualClock | None = None, settings: Mapping[str, Any] | None = None
) -> Any:
    """Run a flow in threads, and return its result."""
    transport = ThreadTransport(Pace(None), settings or {})
    driver = _ThreadDriver(transport.send)
    driver.clock = clock or VirtualClock()
    try:
        return driver.run(flow)
    finally:
        transport.close()


def drive_in_tasks(
    flow: Flow, clock: VirtualClock | None = None, settings: Mapping[str, Any] | None = None
) -> Any:
    """Run a flow in tasks, and return its result."""

    async def work() -> Any:
        transport = TaskTransport(Pace(None), settings or {})
        driver = _TaskDriver(transport.send)
        driver.clock = clock or VirtualClock()
        try:
            return await driver.run(flow)
        finally:
            await transport.close()

    return run(work())


def drive_without_network(flow: Flow, clock: VirtualClock) -> Any:
    """Run a flow that sends no request."""
    driver = _ThreadDriver(lambda request: None)
    driver.clock = clock
    return driver.run(flow)
