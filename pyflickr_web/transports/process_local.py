"""Values that processes must not share: connections, locks, counts of running requests."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Value = TypeVar("Value")


class ProcessLocal(Generic[Value]):
    """A value that each process makes for itself, as `threading.local` keeps one for each thread.

    After a fork, parent and child would get each other's answers from a shared connection, and a lock
    may be held by a thread that only exists in the parent. Each use checks the process ID, because uWSGI
    forks without the hooks of `os.register_at_fork`. A child never uses its parent's value.
    """

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._values: dict[int, Value] = {}
        _all.add(self)

    def get(self) -> Value:
        """Return the value of this process; the first use makes it."""
        process = os.getpid()
        try:
            return self._values[process]
        except KeyError:
            # A lock here could be held at a fork. If several threads make a value, all get the first.
            return self._values.setdefault(process, self._make())

    def pop(self) -> Value | None:
        """Remove and return the value of this process; None if it has made none."""
        return self._values.pop(os.getpid(), None)

    def all_values(self) -> list[Value]:
        """Return the values of this process and of those from which it was forked."""
        return list(self._values.values())


_all: WeakSet[ProcessLocal[Any]] = WeakSet()


def _keep_copies() -> None:
    """Keep the parent's values alive in a child, even past the end of its interpreter.

    Their destructors close copied connections: that sends a TLS close_notify in the parent's name, and
    removes the socket from the epoll instance that the event loops of both processes share.
    """
    try:
        from ctypes import py_object, pythonapi
    except ImportError:
        # PyPy has no such functions.
        return
    for local in list(_all):
        for value in local.all_values():
            pythonapi.Py_IncRef(py_object(value))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_keep_copies)
