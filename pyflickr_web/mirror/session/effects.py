"""Disk work as an effect of flows, and a queue of jobs that several flows share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from pyflickr_web.core.flow import BlockingEffect
from pyflickr_web.transports.gather import Gather

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Job = TypeVar("Job")


class DiskWork(BlockingEffect):
    """An effect that calls a function, which may read and write files; its result is the effect's."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function

    def perform(self) -> Any:
        """Call the function."""
        return self._function()


def run_jobs(jobs: Iterator[Job], handle: Callable[[Job], Flow], workers: int) -> Flow:
    """Handle jobs, each by the flow `handle(job)`, with at most `workers` flows at a time.

    Jobs are taken when a worker is free, so that any number of them needs no memory. Ends at the first
    error, and raises it.
    """
    lock = Lock()

    def work() -> Flow:
        while True:
            with lock:
                job = next(jobs, None)
            if job is None:
                return
            yield from handle(job)

    yield Gather([work() for _ in range(workers)], workers)
