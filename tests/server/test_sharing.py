"""Test sharing a client between threads, tasks and event loops."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pyflickr_web import AsyncFlickr, Flickr
from tests.support.account import KEY, LOGIN
from tests.support.loops import run
from tests.support.scripted_server import Answer, arguments_of, serve


def test_five_hundred_calls_in_flight() -> None:
    async def all_at_once(url: str) -> Any:
        async with AsyncFlickr(api_key=KEY, base_url=url) as flickr:
            return await asyncio.gather(*(flickr.photos.getInfo(photo_id=n) for n in range(500)))

    with serve() as server:
        answers = run(all_at_once(server.url))
    assert answers == [{"stat": "ok"}] * 500
    assert sorted(int(arguments_of(asked)["photo_id"]) for asked in server.asked) == list(
        range(500)
    )


def test_many_threads_share_a_client() -> None:
    with (
        serve() as server,
        Flickr(**LOGIN, base_url=server.url) as flickr,
        ThreadPoolExecutor(16) as threads,
    ):
        list(threads.map(lambda number: flickr.photos.getPerms(photo_id=number), range(200)))
    nonces = {asked.headers["Authorization"] for asked in server.asked}
    assert len(nonces) == 200


def test_pace_holds_over_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("pyflickr_web.transports.threads.time.monotonic", lambda: 100.0)
    monkeypatch.setattr("pyflickr_web.transports.threads.time.sleep", waits.append)
    with serve() as server, Flickr(api_key=KEY, base_url=server.url, max_per_hour=3600) as flickr:
        threads = [threading.Thread(target=flickr.test.echo) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(waits) == [1.0, 2.0, 3.0]


def test_two_clients_share_nothing() -> None:
    with serve() as server:
        for key in ("a" * 32, "b" * 32):
            with Flickr(api_key=key, base_url=server.url) as flickr:
                flickr.test.echo()
    assert [arguments_of(asked)["api_key"] for asked in server.asked] == ["a" * 32, "b" * 32]


def test_client_of_tasks_goes_on_in_another_loop() -> None:
    async def call(flickr: AsyncFlickr) -> Any:
        return await flickr.test.echo()

    async def close(flickr: AsyncFlickr) -> None:
        await flickr.close()

    # No connection outlives its loop.
    with serve(Answer(headers={"Connection": "close"})) as server:
        flickr = AsyncFlickr(api_key=KEY, base_url=server.url)
        # Each has a loop of its own.
        assert run(call(flickr)) == run(call(flickr)) == {"stat": "ok"}
        run(close(flickr))


def test_loops_of_many_threads_share_a_client() -> None:
    async def calls(flickr: AsyncFlickr, number: int) -> Any:
        # Whoever is through closes nobody else's connections.
        async with flickr:
            return [await flickr.photos.getInfo(photo_id=number) for _ in range(10)]

    with serve() as server, ThreadPoolExecutor(6) as threads:
        flickr = AsyncFlickr(api_key=KEY, base_url=server.url)
        answers = list(threads.map(lambda number: asyncio.run(calls(flickr, number)), range(6)))
    assert answers == [[{"stat": "ok"}] * 10] * 6
    assert not flickr._transports.get()
