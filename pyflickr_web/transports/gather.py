"""Run several flows at the same time: the effect, and how threads perform it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import dataclass
from operator import length_hint
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from pyflickr_web.transports.cancellation import Cancellation, Cancelled, current_cancellation

if TYPE_CHECKING:
    from pyflickr_web.core.flow import Flow


@dataclass(frozen=True, slots=True)
class Gather:
    """An effect that runs `flows`, at most `limit` at a time, and returns their results in order.

    `on_result` is called after each flow, by one thread at a time. If a flow fails or the effect is
    cancelled, no further flow begins, the connections of the others are closed, and the effect ends
    with the first error when all flows have ended, at the latest at the deadline of their requests.
    """

    flows: Iterable[Flow]
    limit: int
    on_result: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"invalid limit {self.limit}: at least one flow must run at a time")

    def count_workers(self) -> int:
        """Return the number of threads or tasks to start."""
        return min(self.limit, length_hint(self.flows, self.limit))


def gather_in_threads(gather: Gather, run: Callable[[Flow], Any]) -> list[Any]:
    """Perform the effect in new threads; `run` runs a flow."""
    return _ThreadGather(gather, run).perform()


class _ThreadGather:
    def __init__(self, gather: Gather, run: Callable[[Flow], Any]) -> None:
        self._gather = gather
        self._run = run
        self._flows = enumerate(gather.flows)
        self._results: dict[int, Any] = {}
        self._errors: list[BaseException] = []
        self._cancellation = Cancellation()
        self._lock = Lock()

    def perform(self) -> list[Any]:
        outer = current_cancellation.get()
        if outer:
            outer.add(self, self._cancellation.cancel)
        threads = [
            # A context can only be used by one thread.
            Thread(target=copy_context().run, args=(self._work,), name="gather")
            for _ in range(self._gather.count_workers())
        ]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        except BaseException:
            # `KeyboardInterrupt`, or no more threads.
            self._cancellation.cancel()
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
            raise
        finally:
            if outer:
                outer.remove(self)
        if outer:
            outer.check()
        if self._errors:
            raise self._errors[0]
        return [self._results[index] for index in range(len(self._results))]

    def _work(self) -> None:
        current_cancellation.set(self._cancellation)
        try:
            while (job := self._take()) is not None:
                index, flow = job
                try:
                    result = self._run(flow)
                finally:
                    flow.close()
                with self._lock:
                    self._results[index] = result
                    self._gather.on_result()
        except Cancelled:
            """Another flow has failed, or the effect was cancelled."""
        except BaseException as error:
            self._errors.append(error)
            self._cancellation.cancel()

    def _take(self) -> tuple[int, Flow] | None:
        """Return the next flow; None after the last one."""
        with self._lock:
            self._cancellation.check()
            return next(self._flows, None)
