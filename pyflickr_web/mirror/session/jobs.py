"""A queue of jobs that several flows share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from pyflickr_web.mirror.files.disk_work import DiskWork
from pyflickr_web.transports.gather import Gather

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow

Job = TypeVar("Job")


def run_jobs(jobs: Iterator[Job], handle: Callable[[Job], Flow], workers: int) -> Flow:
    """Handle jobs, each by the flow `handle(job)`, with at most `workers` flows at a time.

    Jobs are taken when a worker is free, so that any number of them needs no memory; they may be read
    from the disk. Ends at the first error, and raises it.
    """
    lock = Lock()

    def take() -> Job | None:
        with lock:
            return next(jobs, None)

    def work() -> Flow:
        while (job := (yield DiskWork(take))) is not None:
            yield from handle(job)

    yield Gather([work() for _ in range(workers)], workers)
