"""Cancel the work of threads: wake those that pause, and shut down the connections that they use."""

from __future__ import annotations

import socket
from collections.abc import Callable, Hashable
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from threading import Event, RLock


class Cancelled(BaseException):
    """Ends the work of a thread after its cancellation, as `asyncio.CancelledError` ends a task."""


class Cancellation:
    """The cancellation of several threads' work; it can be requested once."""

    def __init__(self) -> None:
        # A garbage collection while the lock is held may call `remove`.
        self._lock = RLock()
        self._cancelled = Event()
        self._handlers: dict[Hashable, Callable[[], object]] = {}

    @property
    def is_cancelled(self) -> bool:
        """True after `cancel`."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Call all handlers, and wake the threads that pause."""
        with self._lock:
            self._cancelled.set()
            for handler in list(self._handlers.values()):
                handler()

    def add(self, key: Hashable, handler: Callable[[], object]) -> None:
        """Add a handler, which is called on cancellation, or now if that has happened."""
        with self._lock:
            self._handlers[key] = handler
            if self.is_cancelled:
                handler()

    def add_socket(self, key: Hashable, sock: socket.socket) -> None:
        """Shut down a socket on cancellation, which ends a read in another thread."""
        self.add(key, partial(_shut_down, sock))

    def remove(self, key: Hashable) -> None:
        """Remove a handler; it is not called any more."""
        with self._lock:
            self._handlers.pop(key, None)

    def check(self) -> None:
        """Raise `Cancelled` after a cancellation."""
        if self.is_cancelled:
            raise Cancelled

    def sleep(self, seconds: float) -> None:
        """Pause. Raises `Cancelled` as soon as the work is cancelled."""
        if self._cancelled.wait(seconds):
            raise Cancelled


# The cancellation of the calling thread's work; None if nothing can cancel it.
current_cancellation: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)


def _shut_down(sock: socket.socket) -> None:
    # Without the `shutdown` of a TLS socket, which also changes its state for the reading thread.
    with suppress(OSError, TypeError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
