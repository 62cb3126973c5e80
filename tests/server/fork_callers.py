"""Call, fork, and call in the child and again in the parent, with one caller for each runtime.

`fork_callers KIND MODE OPTIONS POLICY`, the latter two as JSON. It fails if the child fails.
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

# Seconds until a child that hangs shows where, and ends.
PATIENCE = 90
QUERY = "method=flickr.photos.getInfo&format=json&nojsoncallback=1&photo_id={}"


class Caller:
    """A caller made once and used in both processes; each starts and stops it."""

    def start(self) -> None:
        """Start the services of this process."""

    def call(self, number: int) -> None:
        """Request the photo of this number; fail without an answer."""
        raise NotImplementedError

    def stop(self) -> None:
        """Close the connections."""


class InThreads(Caller):
    """`Flickr`."""

    def __init__(self, options: dict[str, Any], policy: dict[str, Any]) -> None:
        from pyflickr_web import Flickr

        self._flickr = Flickr(**options)

    def call(self, number: int) -> None:
        assert self._flickr.photos.getInfo(photo_id=number)["stat"] == "ok"

    def stop(self) -> None:
        self._flickr.close()


class ByWsgi(Caller):
    """The proxy in front of `Flickr`, as a WSGI application."""

    def __init__(self, options: dict[str, Any], policy: dict[str, Any]) -> None:
        from pyflickr_web import Flickr
        from pyflickr_web.proxy import proxy_wsgi

        self._proxy = proxy_wsgi(Flickr(**options), **policy)

    def call(self, number: int) -> None:
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "QUERY_STRING": QUERY.format(number),
            "wsgi.input": BytesIO(),
        }
        body = b"".join(self._proxy(environ, lambda status, headers: said.append(status)))
        assert (said, json.loads(body)["stat"]) == (["200 OK"], "ok"), body

    def stop(self) -> None:
        self._proxy.close()


class InLoop(Caller):
    """A caller in an event loop, which runs in a thread of its own."""

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def call(self, number: int) -> None:
        self._run(self.answer(number))

    def stop(self) -> None:
        self._run(self.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def answer(self, number: int) -> None:
        """Make the call in the loop."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connections of this loop."""
        raise NotImplementedError


class InTasks(InLoop):
    """`AsyncFlickr`."""

    def __init__(self, options: dict[str, Any], policy: dict[str, Any]) -> None:
        from pyflickr_web import AsyncFlickr

        self._flickr = AsyncFlickr(**options)

    async def answer(self, number: int) -> None:
        assert (await self._flickr.photos.getInfo(photo_id=number))["stat"] == "ok"

    async def close(self) -> None:
        await self._flickr.close()


class ByAsgi(InLoop):
    """The proxy in front of `AsyncFlickr`, as an ASGI application."""

    def __init__(self, options: dict[str, Any], policy: dict[str, Any]) -> None:
        from pyflickr_web import AsyncFlickr
        from pyflickr_web.proxy import proxy_asgi

        self._proxy = proxy_asgi(AsyncFlickr(**options), **policy)

    async def answer(self, number: int) -> None:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            raise AssertionError("a GET has no body")

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": QUERY.format(number).encode(),
            "headers": [],
        }
        await self._proxy(scope, receive, send)
        assert sent[0]["status"] == 200, sent
        assert json.loads(sent[1]["body"])["stat"] == "ok"

    async def close(self) -> None:
        await self._proxy.close()


CALLERS: dict[str, Callable[..., Caller]] = {
    "Flickr": InThreads,
    "AsyncFlickr": InTasks,
    "wsgi": ByWsgi,
    "asgi": ByAsgi,
}


def call_before_and_after(caller: Caller) -> None:
    """Call in the parent, in the child, which exits normally, and in the parent again."""
    caller.start()
    caller.call(1)
    child = _fork()
    if not child:
        caller.start()
        caller.call(2)
        caller.stop()
        return
    _succeed(child)
    caller.call(3)
    caller.stop()


def call_while_locks_are_held(caller: Caller, locks: list[Any]) -> None:
    """Fork while another thread holds all locks; call in the child."""
    caller.start()
    caller.call(1)
    with _hold(list(locks)):
        child = _fork()
        if not child:
            caller.start()
            caller.call(2)
            # What libraries do when a program ends takes locks of their own.
            os._exit(0)
    _succeed(child)
    caller.stop()


def call_while_a_call_runs(caller: Caller) -> None:
    """Fork while another thread waits for an answer; make the same call in the child."""
    caller.start()
    running = threading.Thread(target=caller.call, args=(1,))
    running.start()
    # Whoever started this says when the request has reached the server.
    sys.stdin.readline()
    child = _fork()
    if not child:
        caller.start()
        caller.call(1)
        os._exit(0)
    _succeed(child)
    running.join()
    caller.stop()


def _fork() -> int:
    child = os.fork()
    if not child:
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
    return child


def _succeed(child: int) -> None:
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def _recorded_locks() -> list[Any]:
    """Record all locks that are created from now on."""
    made: list[Any] = []

    def recording(make: Callable[[], Any]) -> Callable[[], Any]:
        def make_recorded() -> Any:
            made.append(make())
            return made[-1]

        return make_recorded

    for kind in ("Lock", "RLock"):
        setattr(threading, kind, recording(getattr(threading, kind)))
    return made


@contextmanager
def _hold(locks: list[Any]) -> Iterator[None]:
    """Hold those of these locks that are free in another thread."""
    holding, ending = threading.Event(), threading.Event()

    def hold() -> None:
        taken = [lock for lock in locks if lock.acquire(blocking=False)]
        holding.set()
        ending.wait()
        for lock in taken:
            lock.release()

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def main(kind: str, mode: str, options: str, policy: str) -> None:
    """Run one caller in one mode."""
    locks = _recorded_locks() if mode == "locked" else []
    if "redis" in policy:
        from pyflickr_web.proxy.stores import redis_client

        redis_client.REDIS_TIMEOUT = 20.0
    caller = CALLERS[kind](json.loads(options), json.loads(policy))
    if mode == "locked":
        call_while_locks_are_held(caller, locks)
    elif mode == "running":
        call_while_a_call_runs(caller)
    else:
        call_before_and_after(caller)


if __name__ == "__main__":
    main(*sys.argv[1:])
